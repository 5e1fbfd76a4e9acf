import { abortable, systemClock } from '../contract/clock.ts'
import type { SessionSnapshot } from '../contract/policy.ts'
import type { Session } from '../contract/session.ts'
import { ClosedError, UnwantedLogin } from './closed-error.ts'
import type { LoginTransportFactory } from './login/login-transport.ts'
import { LoginFlow } from './login-flow.ts'
import type { LoginInput, SessionCacheOptions, Waiter } from './session-cache-options.ts'
import type { SharedSession } from './shared-session.ts'

/** The login under way, and promises of it for each client whose calls wait for it. */
interface Flight {
  readonly result: Promise<Session>
  readonly ofClients: Map<AbortSignal, Promise<Session>>
}

/** The sessions of one source at one origin. It leads to the shared session of the source's present credentials. */
export class SessionCache {
  readonly #options: SessionCacheOptions
  readonly #flow: LoginFlow
  readonly #closing = new AbortController()
  /** The session that was in use last. */
  #taken: Session | undefined
  #flight: Flight | undefined
  #waiting = 0

  constructor(options: SessionCacheOptions) {
    this.#options = options
    this.#flow = new LoginFlow(options, this.#closing.signal, () => this.#waiting > 0)
  }

  get origin(): string {
    return this.#options.origin
  }

  /** The session that a request can use at once. A body that can be sent only once needs a certainly fresh one. */
  get(isBodyOnce: boolean): Session | undefined {
    return this.#flow.shared?.get(isBodyOnce)
  }

  /** True while requests use this session. */
  isInHand(session: Session): boolean {
    return session === this.#flow.shared?.session
  }

  /** Notes that the session is used, which restarts its idle time. */
  markUsed(now: number): void {
    this.#flow.shared?.markUsed(now)
  }

  /** Every string that must not be shown. */
  secrets(): readonly string[] {
    return [...(this.#flow.shared?.secrets() ?? []), ...this.#flow.credentials.secrets(), ...this.#flow.secretsBefore]
  }

  /** Notes that a call succeeded with a session, which is valid, whatever a later 401 says. */
  markValid(session: Session): void {
    this.#flow.shared?.markValid(session)
  }

  /** True once a call succeeded with a session of these credentials. */
  get hasBeenValid(): boolean {
    return this.#flow.shared?.hasBeenValid === true
  }

  /** True if a call succeeded with this session. */
  isKnownValid(session: Session): boolean {
    return this.#flow.shared?.isKnownValid(session) === true
  }

  /**
   * Drops a session that the server has rejected, if it is still in use.
   *
   * @param mayStand true if the server may still know it. It is ended there, because it would count against the user's limit until
   *   it expires.
   * @param error makes the error for calls that get no session while fresh ones are rejected in a row; absent if the rejection
   *   says nothing about others.
   */
  invalidate(session: Session, mayStand: boolean, error: (() => unknown) | undefined): void {
    this.#flow.shared?.invalidate(session, mayStand, error)
  }

  /**
   * A session for a request: the one in use, if it fits, else that of the login under way, which is begun if needed. An unproven
   * session is given to one caller at a time.
   *
   * @param isBodyOnce see {@link SessionCache.get}.
   * @throws {FailedLogin} the login failed, or is not tried again yet.
   * @throws {ClosedError} the last client that uses these sessions was closed.
   * @throws the reason of a signal.
   */
  async login(isBodyOnce: boolean, waiter: Waiter, closing: AbortSignal, inputOf: () => LoginInput): Promise<Session> {
    for (;;) {
      // While the caller waited, another call may have logged in, or a probe may have succeeded.
      const inHand = this.get(isBodyOnce)
      if (inHand !== undefined) {
        this.markUsed(systemClock.now())
        return inHand
      }
      let session: Session
      this.#waiting++
      try {
        this.#flight ??= this.#begin(inputOf())
        session = await waiter.until(this.#until(closing, this.#flight))
      } catch (thrown) {
        // The login that this call joined was just given up, because no call waited for it.
        if (thrown instanceof UnwantedLogin) continue
        throw thrown
      } finally {
        this.#waiting--
      }
      const shared = this.#flow.shared
      if (shared === undefined || shared.claim(session)) return session
      await shared.untilProbeEnds(waiter.signal, closing, this.#closing.signal)
    }
  }

  /** Lets no further login begin. Ends the session at the server, best effort, unless another source shares it. */
  async close(signal: AbortSignal, spare: LoginTransportFactory): Promise<void> {
    const shared = this.#giveUpSession()
    if (shared !== undefined && (await shared.close(signal, spare))) this.#options.listener.closed()
  }

  /** Drops the session of clients that were collected. Nobody can end it at the server any more. */
  drop(): void {
    this.#giveUpSession()?.drop()
  }

  /** The state of its session and its logins, without secrets. */
  snapshot(now: number): SessionSnapshot {
    const shared = this.#flow.shared
    const { vendor, origin } = this.#options
    const state =
      shared?.isLoggingIn === true || this.#flight !== undefined
        ? 'logging-in'
        : shared?.session === undefined
          ? 'none'
          : shared.isUnproven
            ? 'unproven'
            : 'open'
    const ms = Math.max(
      this.#flow.pace.failure(now)?.retryAfter ?? 0,
      shared?.pace.failure(now)?.retryAfter ?? 0,
      this.#flow.credentials.blockedFor(now),
      shared?.rejections.remaining(now) ?? 0,
    )
    return { key: `${vendor} ${this.#flow.credentials.account ?? origin}`, state, blockedFor: Math.ceil(ms) }
  }

  /** Forgets failed and refused logins and rejected sessions: the next call may log in at once. */
  reset(): void {
    this.#flow.pace.reset()
    this.#flow.credentials.forgetRefusals()
    this.#flow.shared?.rejections.reset()
    this.#flow.shared?.pace.reset()
  }

  /** Stops using the shared session. @returns it, if nobody else uses it. */
  #giveUpSession(): SharedSession | undefined {
    this.#closing.abort(new ClosedError())
    this.#taken = undefined
    return this.#flow.giveUpSession()
  }

  #begin(input: LoginInput): Flight {
    const result = this.#flow
      .obtain(input)
      .then((session) => this.#take(session))
      .finally(() => {
        this.#flight = undefined
      })
    result.catch(() => {})
    return { result, ofClients: new Map() }
  }

  /** The promise on which all calls of one client wait. A listener for each call would make each go through all others. */
  #until(closing: AbortSignal, { result, ofClients }: Flight): Promise<Session> {
    let ended = ofClients.get(closing)
    if (ended === undefined) {
      ended = abortable(result, closing, this.#closing.signal)
      ended.catch(() => {})
      ofClients.set(closing, ended)
    }
    return ended
  }

  #take(session: Session): Session {
    if (session !== this.#taken) this.#options.listener.taken(session)
    this.#taken = session
    return session
  }
}
