import { abortable, systemClock } from '../contract/clock.ts'
import type { SessionSnapshot } from '../contract/policy.ts'
import type { Session } from '../contract/session.ts'
import { ClosedError, UnwantedLogin } from './closed-error.ts'
import type { LoginTransportFactory } from './login/login-transport.ts'
import { LoginFlow } from './login-flow.ts'
import type { LoginInput, SessionCacheOptions, Waiter } from './session-cache-options.ts'
import type { SharedSession } from './shared-session.ts'

/** The login under way, and the same by the signals of those clients whose calls wait for it. */
interface Flight {
  readonly result: Promise<Session>
  readonly ofClients: Map<AbortSignal, Promise<Session>>
}

/** The sessions of one source of them at one origin: that of the credentials which it gives now. */
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

  /** The session that a request may show at once. A body that can be sent only once needs a surely fresh one. */
  get(isBodyOnce: boolean): Session | undefined {
    return this.#flow.shared?.get(isBodyOnce)
  }

  /** True while this is the session that requests are to show. */
  isInHand(session: Session): boolean {
    return session === this.#flow.shared?.session
  }

  /** Notes that the session in hand is used: from now on it lives for its idle time. */
  markUsed(now: number): void {
    this.#flow.shared?.markUsed(now)
  }

  /** Every string that must not be shown. */
  secrets(): readonly string[] {
    return [...(this.#flow.shared?.secrets() ?? []), ...this.#flow.credentials.secrets(), ...this.#flow.secretsBefore]
  }

  /** Notes that a call went well with a session: it is good, whatever a later 401 says. */
  markValid(session: Session): void {
    this.#flow.shared?.markValid(session)
  }

  /** True once a call went well with a session of these credentials. */
  get hasBeenValid(): boolean {
    return this.#flow.shared?.hasBeenValid === true
  }

  /** True if a call went well with this session. */
  isKnownValid(session: Session): boolean {
    return this.#flow.shared?.isKnownValid(session) === true
  }

  /**
   * Drops a session that the server has rejected, if it is still the one in hand.
   *
   * @param mayStand true if the server may still know it: it is ended there, or it would count against the user's
   *   limit until it expires.
   * @param error the error of calls that find no session for a while, where fresh ones are rejected in a row; absent
   *   where the rejection says nothing of them.
   */
  invalidate(session: Session, mayStand: boolean, error: (() => unknown) | undefined): void {
    this.#flow.shared?.invalidate(session, mayStand, error)
  }

  /**
   * A session that the request may show: the one in hand, if it will do by now, or that of the one login under way,
   * begun if needed. One that is unproven is given to one caller at a time.
   *
   * @param isBodyOnce see {@link SessionCache.get}.
   * @throws {FailedLogin} the login failed, or is not tried again yet.
   * @throws {ClosedError} the last client that uses these sessions was closed.
   * @throws the reason of a signal.
   */
  async login(isBodyOnce: boolean, waiter: Waiter, closing: AbortSignal, inputOf: () => LoginInput): Promise<Session> {
    for (;;) {
      // While the caller waited, for its turn or for a probe's end, others may have logged in or proven it.
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
        // The login that was joined has just been given up for lack of anybody who waits.
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

  /** Lets no login begin, and ends the session at the server, best effort, unless another source shares it. */
  async close(signal: AbortSignal, spare: LoginTransportFactory): Promise<void> {
    const shared = this.#giveUpSession()
    if (shared !== undefined && (await shared.close(signal, spare))) this.#options.listener.closed()
  }

  /** Lets go of the session of clients that are gone. Nobody can end it at the server any more. */
  drop(): void {
    this.#giveUpSession()?.drop()
  }

  /** The state of its session and its logins, without any secret. */
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

  /** The shared session, where nobody else uses it. */
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

  /** A login as the calls of one client wait for it. With a listener for each of them each would have to pass by all others. */
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
