import type { Session } from '../contract/session.ts'
import { ClosedError } from './closed-error.ts'
import { CurrentCredentials, type GivenCredentials } from './current-credentials.ts'
import type { FailedLogin } from './failed-login.ts'
import { LoginPace } from './login-pace.ts'
import { refusedLogins } from './refused-logins.ts'
import type { LoginInput, SessionCacheOptions } from './session-cache-options.ts'
import { type Login, MOST_SECRETS, type SharedSession } from './shared-session.ts'

/** Milliseconds for which calls wait for the next login, where sessions are rejected. */
const PATIENCE = 5_000
/** Milliseconds after its deadline at which a login is given up: the limit of its attempt, which says more, comes first. */
const GRACE = 100

/** The way from credentials to a session: what holds it back, and the shared session that it leads to. */
export class LoginFlow {
  readonly credentials: CurrentCredentials
  readonly pace = new LoginPace()
  shared: SharedSession | undefined
  /** Secrets of the sessions before: late replies may still carry them. */
  secretsBefore: readonly string[] = []
  readonly #options: SessionCacheOptions
  readonly #closing: AbortSignal
  /** True while a call waits for a session. */
  readonly #isWanted: () => boolean

  constructor(options: SessionCacheOptions, closing: AbortSignal, isWanted: () => boolean) {
    this.#options = options
    this.#closing = closing
    this.#isWanted = isWanted
    this.credentials = new CurrentCredentials(options.source, options.origin)
  }

  /** Gives up the session and its credentials. The session, if nobody else uses it. */
  leave(): SharedSession | undefined {
    const { shared } = this
    this.secretsBefore = [...(shared?.secrets() ?? []), ...this.credentials.secrets(), ...this.secretsBefore]
    this.shared = undefined
    this.credentials.forget()
    return shared?.removeUser(this) ? shared : undefined
  }

  /** Waits out what holds logins back, then asks for credentials and logs in. */
  async obtain(input: LoginInput): Promise<Session> {
    const { clock } = this.#options
    // The caller came because this one will not do.
    const unfit = this.shared?.isUnproven ? undefined : this.shared?.session
    await this.#sitOutRejections()
    const found = this.shared?.session
    if (found !== undefined && found !== unfit) return found
    const failure = this.pace.failure(clock.now()) ?? this.credentials.knownRefusal(clock.now())
    if (failure !== undefined) throw failure
    const time = new AbortController()
    const late = new DOMException('The login took too long.', 'TimeoutError')
    const timer = setTimeout(() => time.abort(late), input.timeout + GRACE)
    try {
      return await this.#logIn({ ...input, time, deadlineAt: clock.now() + input.timeout }, unfit)
    } finally {
      clearTimeout(timer)
    }
  }

  async #sitOutRejections(): Promise<void> {
    const { clock } = this.#options
    const shared = this.shared
    if (shared === undefined || shared.session !== undefined) return
    const ms = shared.rejections.remaining(clock.now())
    if (ms > PATIENCE) throw shared.rejections.failure(clock.now())
    if (ms > 0) await clock.sleep(ms, this.#closing)
  }

  async #logIn(
    { makeTransport, time, deadlineAt }: Pick<Login, 'makeTransport' | 'time' | 'deadlineAt'>,
    unfit: Session | undefined,
  ): Promise<Session> {
    const { source, clock, listener } = this.#options
    const given = await this.#askCredentials(time.signal)
    const refused = this.credentials.refusalOf(given, clock.now())
    if (refused !== undefined) throw refused
    const shared = this.#use(given)
    const found = shared.session
    if (found !== undefined && found !== unfit) return found
    // Nothing was sent yet, and nobody waits for it any more.
    if (!this.#isWanted()) throw new ClosedError()
    return shared.login({
      source,
      makeTransport,
      time,
      deadlineAt,
      secrets: () => this.credentials.secrets(),
      open: async (transport) => {
        const session = await source.open(given.value, transport)
        refusedLogins.recordSuccess(given.account, given.digest)
        this.pace.reset()
        listener.opened()
        return session
      },
      failed: (thrown) => this.#recordFailure(thrown, given, time.signal),
    })
  }

  async #askCredentials(signal: AbortSignal): Promise<GivenCredentials> {
    const { asError, clock, listener } = this.#options
    try {
      return await this.credentials.ask(signal, this.#closing)
    } catch (thrown) {
      if (this.#closing.aborted) throw this.#closing.reason
      const error = asError(thrown, signal.aborted ? 'LOGIN_TIMEOUT' : 'CREDENTIALS_FAILED')
      const failed = this.pace.record(error, undefined, clock.now())
      listener.loginFailed(error, failed.retryAfter)
      throw failed
    }
  }

  #recordFailure(thrown: unknown, { account, digest }: GivenCredentials, signal: AbortSignal): FailedLogin {
    const { source, clock, listener, asError, isCredentialRefusal, retryAfterOf } = this.#options
    const error = asError(thrown, signal.aborted ? 'LOGIN_TIMEOUT' : 'LOGIN_FAILED')
    const asked = retryAfterOf(error)
    const decays = source.lockoutDecays === true
    const failed = isCredentialRefusal(error)
      ? refusedLogins.record({ account, credentials: digest, error, asked, decays }, clock.now())
      : this.pace.record(error, asked, clock.now())
    listener.loginFailed(error, failed.retryAfter)
    return failed
  }

  /** The session of these credentials from now on. */
  #use({ account: name, digest }: GivenCredentials): SharedSession {
    const { source, sharedSessionFor } = this.#options
    const shared = sharedSessionFor(JSON.stringify([source.shareKey ?? idOf(source), name, digest]))
    const before = this.shared
    if (shared === before) return shared
    this.secretsBefore = [...(before?.secrets() ?? []), ...this.secretsBefore].slice(0, MOST_SECRETS)
    if (before?.removeUser(this)) void before.close()
    shared.addUser(this)
    this.shared = shared
    return shared
  }
}

const ids = new WeakMap<object, number>()
let lastId = 0

/** A number of its own for each source: nobody shares the sessions of one that has no `shareKey`. */
function idOf(source: object): number {
  const id = ids.get(source) ?? ++lastId
  ids.set(source, id)
  return id
}
