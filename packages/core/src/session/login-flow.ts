import { systemClock } from '../contract/clock.ts'
import type { Session } from '../contract/session.ts'
import { UnwantedLogin } from './closed-error.ts'
import { CurrentCredentials, type GivenCredentials } from './login/current-credentials.ts'
import type { FailedLogin } from './login/failed-login.ts'
import { LoginPace } from './login/login-pace.ts'
import { LoginTime } from './login/login-time.ts'
import { type EndTurn, loginTurns } from './login/login-turns.ts'
import { refusedLogins } from './login/refused-logins.ts'
import type { LoginInput, LoginProblem, SessionCacheOptions } from './session-cache-options.ts'
import { sessionKey } from './session-key.ts'
import { MOST_SECRETS, SharedSession } from './shared-session.ts'

/** Most milliseconds for which calls wait for the next login while sessions are rejected. */
const LONGEST_WAIT = 5_000

/** The way from credentials to a session: everything that may hold back a login, and the shared session. */
export class LoginFlow {
  readonly credentials: CurrentCredentials
  /** Failures of its own logins, with whatever credentials. */
  readonly pace = new LoginPace()
  shared: SharedSession | undefined
  /** Secrets of former sessions: late replies may still contain them. */
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

  /** Gives up the session and its credentials. @returns the session, if nobody else uses it. */
  giveUpSession(): SharedSession | undefined {
    const { shared } = this
    this.secretsBefore = [...(shared?.secrets() ?? []), ...this.credentials.secrets(), ...this.secretsBefore]
    this.shared = undefined
    this.credentials.forget()
    return shared?.removeUser(this) ? shared : undefined
  }

  /** Waits while sessions are rejected, then asks for credentials and logs in. */
  async obtain(input: LoginInput): Promise<Session> {
    // The caller cannot use this session, because it is not fresh.
    const unfit = this.shared?.isUnproven ? undefined : this.shared?.session
    await this.#sitOutRejections()
    const found = this.shared?.session
    if (found !== undefined && found !== unfit) return found
    const failure = this.pace.failure(systemClock.now()) ?? this.credentials.knownRefusal(systemClock.now())
    if (failure !== undefined) throw failure
    const time = new LoginTime(input.timeout)
    try {
      return await this.#logIn(input, time, unfit)
    } finally {
      time.stop()
    }
  }

  async #sitOutRejections(): Promise<void> {
    const shared = this.shared
    if (shared === undefined || shared.session !== undefined) return
    const ms = shared.rejections.remaining(systemClock.now())
    if (ms > LONGEST_WAIT) throw shared.rejections.failure(systemClock.now())
    if (ms > 0) await systemClock.sleep(ms, this.#closing)
  }

  async #logIn(input: LoginInput, time: LoginTime, unfit: Session | undefined): Promise<Session> {
    const { source, listener } = this.#options
    const given = await this.#askCredentials(time.signal)
    this.#throwIfRefused(given)
    const key = sessionKey(source, given)
    const shared = this.#use(key)
    const found = shared.session
    if (found !== undefined && found !== unfit) return found
    const failure = shared.pace.failure(systemClock.now())
    if (failure !== undefined) throw failure
    return shared.login({
      source,
      makeTransport: input.makeTransport,
      time,
      takeTurn: (stop) => this.#takeTurn(key, given, time, stop),
      secrets: () => this.credentials.secrets(),
      open: async (transport) => {
        const session = await source.open(given.value, transport)
        this.credentials.markAccepted(given, systemClock.now())
        this.pace.reset()
        shared.pace.reset()
        listener.opened()
        return session
      },
      failed: (thrown) => this.#recordFailure(thrown, given, shared, time.signal),
    })
  }

  /** Waits for other logins with these credentials, which may find out that they are refused. */
  async #takeTurn(session: string, given: GivenCredentials, time: LoginTime, stop: AbortSignal): Promise<EndTurn> {
    const credentials = `${given.account} ${given.digest}`
    // Another state has its own session, and logs in once the credentials are known to be accepted.
    const turn = { session: `${this.#options.state} ${session}`, credentials, timeout: time.longest }
    time.stop()
    const endTurn = await loginTurns.take(turn, stop, () => {
      this.#throwIfRefused(given)
      this.#throwIfUnwanted()
    })
    time.run()
    return endTurn
  }

  #throwIfRefused(given: GivenCredentials): void {
    const refused = this.credentials.noteRefusal(given, systemClock.now())
    if (refused !== undefined) throw refused
  }

  /** @throws {UnwantedLogin} if no call waits for the login any more, before anything was sent. */
  #throwIfUnwanted(): void {
    if (!this.#isWanted()) throw new UnwantedLogin()
  }

  async #askCredentials(signal: AbortSignal): Promise<GivenCredentials> {
    const { asError, listener } = this.#options
    try {
      return await this.credentials.ask(signal, this.#closing)
    } catch (thrown) {
      if (this.#closing.aborted) throw this.#closing.reason
      const error = asError(thrown, this.#credentialsProblem(signal))
      const failed = this.pace.record(error, undefined, systemClock.now(), systemClock.random())
      listener.loginFailed(error, failed.retryAfter)
      throw failed
    }
  }

  #credentialsProblem(signal: AbortSignal): LoginProblem {
    if (signal.aborted) return 'LOGIN_TIMEOUT'
    return this.credentials.wereAccepted ? 'CREDENTIALS_FAILED' : 'FIRST_CREDENTIALS_FAILED'
  }

  #recordFailure(
    thrown: unknown,
    { account, digest }: GivenCredentials,
    shared: SharedSession,
    signal: AbortSignal,
  ): unknown {
    const { source, listener, asError, isCredentialRefusal, retryAfterOf } = this.#options
    const error = asError(thrown, signal.aborted ? 'LOGIN_TIMEOUT' : 'LOGIN_FAILED')
    const [asked, now, random] = [retryAfterOf(error), systemClock.now(), systemClock.random()]
    let failed: FailedLogin
    if (isCredentialRefusal(error)) {
      const decays = source.lockoutDecays === true
      failed = refusedLogins.record({ account, credentials: digest, error, asked, decays }, now)
    } else {
      // It was aborted because its client was closed, which says nothing about the service.
      if (this.#closing.aborted) return this.#closing.reason
      shared.pace.record(error, asked, now, random)
      failed = this.pace.record(error, asked, now, random)
    }
    listener.loginFailed(error, failed.retryAfter)
    return failed
  }

  /** Uses the shared session of that key from now on. */
  #use(key: string): SharedSession {
    const shared = this.#options.sharedSessionFor(key, (onClosed) => new SharedSession(onClosed))
    const before = this.shared
    if (shared === before) return shared
    this.secretsBefore = [...(before?.secrets() ?? []), ...this.secretsBefore].slice(0, MOST_SECRETS)
    if (before !== undefined) shared.follow(before)
    if (before?.removeUser(this)) void before.close()
    shared.addUser(this)
    this.shared = shared
    return shared
  }
}
