import type { Clock } from '../contract/clock.ts'
import type { Credentials, Door, Session, SessionSource } from '../contract/session.ts'
import { joinLogin, type Login } from './shared-login.ts'

/** How long a refused login is not repeated: doubles with each refusal in a row. */
const REFUSED_FIRST = 60_000
const REFUSED_LONGEST = 900_000
/** How long a login that failed for want of the service is not repeated: likewise. */
const FAILED_FIRST = 1_000
const FAILED_LONGEST = 60_000
/** A session this near its end is renewed before it is used. */
const EXPIRY_MARGIN = 30_000
/** New sessions that may be refused unused before logins stop for a while. */
const UNPROVEN = 2

/** A login that failed, and until when it is not tried again. */
export interface Refusal {
  readonly error: unknown
  readonly until: number
}

/** What the engine tells of its sessions. */
export interface SessionListener {
  opened(): void
  refused(error: unknown, retryAfter: number): void
  closed(): void
}

/** How a slot logs in: the vendor's own part, through a door that ends when nobody waits any more. */
export interface SlotOptions {
  readonly source: SessionSource
  readonly clock: Clock
  readonly listener: SessionListener
  door(signal: AbortSignal): Door
  /** True where an error says that the credentials themselves were refused. */
  isRefusal(error: unknown): boolean
  /** Milliseconds that a failed login asked to be left alone, if it did. */
  retryAfterOf(error: unknown): number | undefined
}

/** The session of one set of credentials at one origin, and the one login that everybody waits for. */
export class SessionSlot {
  readonly #options: SlotOptions
  #session: Session | undefined
  #credentials: Credentials | undefined
  #refusedCredentials: Credentials | undefined
  #refusal: Refusal | undefined
  #login: Login<Session> | undefined
  #usedAt = 0
  #failures = 0
  #unproven = 0
  #proven = false

  constructor(options: SlotOptions) {
    this.#options = options
  }

  /** The session in hand, unless it is about to end. A body that leaves only once wants one that is surely fresh. */
  current(onceOnly: boolean): Session | undefined {
    const session = this.#session
    if (session === undefined) return undefined
    const { clock } = this.#options
    if (session.expiresAt !== undefined && session.expiresAt - clock.date() < EXPIRY_MARGIN) return undefined
    const idle = session.idleTimeout
    if (onceOnly && idle !== undefined && clock.now() - this.#usedAt > idle * 0.9) return undefined
    this.#usedAt = clock.now()
    return session
  }

  /** Every string that must not be shown. */
  secrets(): readonly string[] {
    return [...(this.#session?.secrets ?? []), ...secretsOf(this.#credentials)]
  }

  /** A call went well with this session: it is good, whatever a later 401 says. */
  prove(session: Session): void {
    if (session !== this.#session || this.#proven) return
    this.#proven = true
    this.#unproven = 0
  }

  /** The server refused this session. Stragglers of an older one change nothing. */
  refuse(session: Session, error: () => unknown): void {
    if (session !== this.#session) return
    this.#session = undefined
    if (this.#proven || ++this.#unproven < UNPROVEN) return
    this.#refusedCredentials = this.#credentials
    this.#remember(error(), REFUSED_FIRST, REFUSED_LONGEST)
  }

  /** The session of the one login under way, begun if need be. Throws the login's error, or the signal's reason. */
  async open(signal: AbortSignal | null | undefined): Promise<Session> {
    signal?.throwIfAborted()
    if (this.#login === undefined) {
      const controller = new AbortController()
      const login: Login<Session> = { waiting: 0, controller, result: this.#logIn(controller.signal) }
      this.#login = login
      login.result
        .catch(() => {})
        .finally(() => {
          if (this.#login === login) this.#login = undefined
        })
    }
    return joinLogin(this.#login, signal, () => {
      this.#login = undefined
    })
  }

  /** Ends the session at the server, best effort. */
  async close(signal: AbortSignal): Promise<void> {
    const session = this.#session
    this.#session = undefined
    if (session === undefined) return
    const { source, door, listener } = this.#options
    try {
      await source.close?.(session, door(signal))
    } catch {
      // The server forgets an unused session by itself.
    }
    listener.closed()
  }

  async #logIn(signal: AbortSignal): Promise<Session> {
    const { source, clock, door, listener } = this.#options
    const credentials = await source.credentials()
    const changed = this.#refusedCredentials !== undefined && !same(credentials, this.#refusedCredentials)
    if (this.#refusal !== undefined && !changed && clock.now() < this.#refusal.until) {
      throw new LoginHeldBack(this.#refusal.error, this.#refusal.until - clock.now())
    }
    this.#credentials = credentials
    try {
      const session = await source.open(credentials, door(signal))
      this.#session = session
      this.#proven = false
      this.#failures = 0
      this.#refusal = undefined
      this.#refusedCredentials = undefined
      this.#usedAt = clock.now()
      listener.opened()
      return session
    } catch (error) {
      if (signal.aborted) throw error
      if (this.#options.isRefusal(error)) {
        this.#refusedCredentials = credentials
        this.#remember(error, REFUSED_FIRST, REFUSED_LONGEST)
      } else {
        this.#remember(error, FAILED_FIRST, FAILED_LONGEST)
      }
      throw new LoginHeldBack(error, (this.#refusal?.until ?? 0) - clock.now())
    }
  }

  #remember(error: unknown, first: number, longest: number): void {
    const { clock, listener, retryAfterOf } = this.#options
    const ms = Math.max(retryAfterOf(error) ?? 0, Math.min(longest, first * 2 ** Math.min(this.#failures, 20)))
    this.#failures++
    this.#refusal = { error, until: clock.now() + ms }
    listener.refused(error, ms)
  }
}

/** A login that failed, now or a while ago, and is not tried again before `retryAfter` milliseconds have passed. */
export class LoginHeldBack {
  readonly error: unknown
  readonly retryAfter: number

  constructor(error: unknown, retryAfter: number) {
    this.error = error
    this.retryAfter = Math.max(0, retryAfter)
  }
}

function same(one: Credentials, other: Credentials): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

// A user's name is no secret, and blanking it would hide what a message is about.
const secretsOf = (credentials: Credentials | undefined): string[] =>
  Object.entries(credentials ?? {}).flatMap(([name, value]) => (name === 'username' ? [] : [value]))
