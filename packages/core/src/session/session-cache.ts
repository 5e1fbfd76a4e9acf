import type { Credentials, Session } from '../contract/session.ts'
import { ClosedError } from './closed-error.ts'
import { type FailedLogin, LoginBackoff } from './login-backoff.ts'
import { refreshTimeOf } from './refresh-time.ts'
import type { LoginTransportFactory, SessionCacheOptions } from './session-cache-options.ts'
import { type Flight, joinFlight } from './single-flight.ts'

/** Milliseconds for which the server is asked to end a rejected session. */
const LOGOUT_MS = 5_000
/** New sessions that may be rejected in a row before logins stop for a while. */
const UNTAKEN_LIMIT = 2

/** The session of one set of credentials at one origin, and the one login that everybody waits for. */
export class SessionCache {
  readonly #options: SessionCacheOptions
  readonly #backoff = new LoginBackoff()
  #session: Session | undefined
  #credentials: Credentials | undefined
  /** Secrets of this session and of the one before: late replies may still carry those. */
  #secrets: readonly string[] = []
  #flight: Flight<Session> | undefined
  /** The transport of the last login. */
  #makeTransport: LoginTransportFactory | undefined
  #closings = 0
  /** In milliseconds since the epoch. */
  #refreshAt = Number.POSITIVE_INFINITY
  #usedAt = 0
  #untaken = 0
  #valid = false

  constructor(options: SessionCacheOptions) {
    this.#options = options
  }

  get origin(): string {
    return this.#options.origin
  }

  closedUpTo(): number {
    return this.#options.closedUpTo()
  }

  /** The session in hand, unless it is about to end. A body that can be sent only once needs a surely fresh one. */
  get(onceOnly: boolean): Session | undefined {
    const session = this.#session
    if (session === undefined) return undefined
    const { clock } = this.#options
    if (clock.date() > this.#refreshAt) return undefined
    const idle = session.idleTimeout
    if (onceOnly && idle !== undefined && clock.now() - this.#usedAt > idle * 0.9) return undefined
    return session
  }

  /** Notes that the session in hand is used: from now on it lives for its idle time. */
  markUsed(): void {
    this.#usedAt = this.#options.clock.now()
  }

  /** Every string that must not be shown. */
  secrets(): readonly string[] {
    return [...this.#secrets, ...this.#secretsOf(this.#credentials)]
  }

  /** Notes that a call went well with a session: it is good, whatever a later 401 says. */
  markValid(session: Session): void {
    if (session !== this.#session || this.#valid) return
    this.#valid = true
    this.#untaken = 0
  }

  /** True where a call went well with this session. */
  isKnownValid(session: Session): boolean {
    return session === this.#session && this.#valid
  }

  /**
   * Drops a session that the server has rejected, if it is still the one in hand.
   *
   * @param mayStand true where the server may still know it: it is ended there, or it would count against the user's
   *   limit until it expires.
   * @param error the error that logins fail with for a while, where fresh sessions are rejected in a row; absent where
   *   the rejection says nothing of them.
   */
  invalidate(session: Session, mayStand: boolean, error: (() => unknown) | undefined): void {
    if (session !== this.#session) return
    this.#session = undefined
    if (mayStand) void this.#logOut(session, AbortSignal.timeout(LOGOUT_MS))
    if (error === undefined || this.#valid || ++this.#untaken < UNTAKEN_LIMIT) return
    this.#recordFailure(error(), this.#credentials)
  }

  /** The session of the one login under way, begun if need be. @throws the login's error, or the signal's reason. */
  async login(signal: AbortSignal | null | undefined, makeTransport: LoginTransportFactory): Promise<Session> {
    signal?.throwIfAborted()
    if (this.#flight === undefined) {
      const controller = new AbortController()
      const begun: Flight<Session> = { waiting: 0, controller, result: this.#logIn(controller.signal, makeTransport) }
      this.#flight = begun
      begun.result
        .catch(() => {})
        .finally(() => {
          if (this.#flight === begun) this.#flight = undefined
        })
    }
    const flight = this.#flight
    return joinFlight(flight, signal, () => {
      if (this.#flight === flight) this.#flight = undefined
    })
  }

  /** Ends the session at the server, best effort. */
  async close(signal: AbortSignal): Promise<void> {
    const [flight, session] = [this.#flight, this.#session]
    this.#flight = undefined
    this.#session = undefined
    this.#closings++
    // A login under way ends the session itself that it brings, late as it may be.
    const brought = flight && Promise.race([flight.result.catch(() => {}), aborted(signal)])
    if (session !== undefined) {
      await this.#logOut(session, signal)
      this.#options.listener.closed()
    }
    await brought
  }

  async #logOut(session: Session, signal: AbortSignal): Promise<void> {
    const transport = this.#makeTransport?.(signal, () => session.secrets)
    try {
      if (transport !== undefined) await this.#options.source.close?.(session, transport)
    } catch {
      // The server forgets an unused session by itself.
    }
  }

  async #logIn(signal: AbortSignal, makeTransport: LoginTransportFactory): Promise<Session> {
    const { source, clock, listener } = this.#options
    const closings = this.#closings
    const isClosed = () => closings !== this.#closings
    const heldForAnyone = this.#backoff.holdForAnyone(clock.now())
    if (heldForAnyone !== undefined) throw heldForAnyone
    const credentials = await source.credentials()
    const held = this.#backoff.holdFor(credentials, clock.now())
    if (held !== undefined) {
      this.#backoff.deferAsking(clock.now())
      throw held
    }
    if (isClosed()) throw new ClosedError()
    this.#credentials = credentials
    try {
      const session = await source.open(
        credentials,
        makeTransport(signal, () => this.#secretsOf(credentials)),
      )
      this.#makeTransport = makeTransport
      if (signal.aborted || isClosed()) {
        // Nobody waits for it any more, and another login may be under way.
        const ended = this.#logOut(session, AbortSignal.timeout(LOGOUT_MS))
        if (signal.aborted) throw signal.reason
        await ended
        throw new ClosedError()
      }
      this.#session = session
      this.#secrets = [...session.secrets, ...this.#secrets.slice(0, session.secrets.length)]
      this.#valid = false
      this.#backoff.reset()
      this.#refreshAt = refreshTimeOf(session, clock.date())
      this.#usedAt = clock.now()
      listener.opened(session)
      return session
    } catch (error) {
      if (signal.aborted) throw error
      if (isClosed()) throw new ClosedError()
      throw this.#recordFailure(error, this.#options.isCredentialRefusal(error) ? credentials : undefined)
    }
  }

  #secretsOf(credentials: Credentials | undefined): string[] {
    // What is no secret would hide what a message is about.
    const { publicFields = ['username'] } = this.#options.source
    return Object.entries(credentials ?? {}).flatMap(([name, value]) => (publicFields.includes(name) ? [] : [value]))
  }

  #recordFailure(error: unknown, refused: Credentials | undefined): FailedLogin {
    const { clock, listener, retryAfterOf } = this.#options
    const held = this.#backoff.recordFailure(error, refused, retryAfterOf(error), clock.now())
    listener.loginFailed(error, held.retryAfter)
    return held
  }
}

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
