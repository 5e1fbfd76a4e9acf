import type { Clock } from '../contract/clock.ts'
import type { Credentials, Door, Session, SessionSource } from '../contract/session.ts'
import { type FailedLogin, LoginMemory } from './login-memory.ts'
import { joinLogin, type Login } from './shared-login.ts'

/** A session this near its end is renewed before it is used; a short one in its last quarter. */
const EXPIRY_MARGIN = 30_000
/** How long the server is asked to end a refused session, in milliseconds. */
const GOODBYE = 5_000
/** New sessions that may be refused unused before logins stop for a while. */
const UNPROVEN = 2

/** What the engine tells of its sessions. */
export interface SessionListener {
  opened(session: Session): void
  refused(error: unknown, retryAfter: number): void
  closed(): void
}

/** How a slot logs in: the vendor's own part, through a door that ends when nobody waits any more. */
export interface SlotOptions {
  readonly source: SessionSource
  readonly clock: Clock
  readonly listener: SessionListener
  /** `secrets` are the strings that must not stand in what goes wrong behind it. */
  door(signal: AbortSignal, secrets: () => readonly string[]): Door
  /** True where an error says that the credentials themselves were refused. */
  isRefusal(error: unknown): boolean
  /** Milliseconds that a failed login asked to be left alone, if it did. */
  retryAfterOf(error: unknown): number | undefined
}

/** The session of one set of credentials at one origin, and the one login that everybody waits for. */
export class SessionSlot {
  readonly #options: SlotOptions
  readonly #memory = new LoginMemory()
  #session: Session | undefined
  #credentials: Credentials | undefined
  /** Those of the session before, too: its stragglers are still to be heard of. */
  #secrets: readonly string[] = []
  #login: Login<Session> | undefined
  /** In milliseconds since the epoch. */
  #renewAt = Number.POSITIVE_INFINITY
  #usedAt = 0
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
    if (clock.date() > this.#renewAt) return undefined
    const idle = session.idleTimeout
    if (onceOnly && idle !== undefined && clock.now() - this.#usedAt > idle * 0.9) return undefined
    this.#usedAt = clock.now()
    return session
  }

  /** Every string that must not be shown. */
  secrets(): readonly string[] {
    return [...this.#secrets, ...this.#secretsOf(this.#credentials)]
  }

  /** A call went well with this session: it is good, whatever a later 401 says. */
  prove(session: Session): void {
    if (session !== this.#session || this.#proven) return
    this.#proven = true
    this.#unproven = 0
  }

  /** Whether a call went well with this session. */
  isProven(session: Session): boolean {
    return session === this.#session && this.#proven
  }

  /**
   * The server refused this session. Stragglers of an older one change nothing. One that may still stand at the server
   * is ended there, or it would count against the user's limit until it expires.
   */
  drop(session: Session, mayStand: boolean, error: () => unknown): void {
    if (session !== this.#session) return
    this.#session = undefined
    if (mayStand) void this.#end(session, AbortSignal.timeout(GOODBYE))
    if (this.#proven || ++this.#unproven < UNPROVEN) return
    this.#remember(error(), this.#credentials)
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
    // A login under way brings a session that nobody else would end.
    if (this.#login !== undefined) await this.open(signal).catch(() => {})
    const session = this.#session
    this.#session = undefined
    if (session === undefined) return
    await this.#end(session, signal)
    this.#options.listener.closed()
  }

  async #end(session: Session, signal: AbortSignal): Promise<void> {
    const { source, door } = this.#options
    try {
      await source.close?.(
        session,
        door(signal, () => session.secrets),
      )
    } catch {
      // The server forgets an unused session by itself.
    }
  }

  async #logIn(signal: AbortSignal): Promise<Session> {
    const { source, clock, door, listener } = this.#options
    const unasked = this.#memory.heldBackUnasked(clock.now())
    if (unasked !== undefined) throw unasked
    const credentials = await source.credentials()
    const held = this.#memory.heldBack(credentials, clock.now())
    if (held !== undefined) throw held
    this.#credentials = credentials
    try {
      const session = await source.open(
        credentials,
        door(signal, () => this.#secretsOf(credentials)),
      )
      if (signal.aborted) {
        // Nobody waits for it any more, and another login may be under way.
        void this.#end(session, AbortSignal.timeout(GOODBYE))
        throw signal.reason
      }
      this.#session = session
      this.#secrets = [...session.secrets, ...this.#secrets.slice(0, session.secrets.length)]
      this.#proven = false
      this.#memory.forget()
      this.#renewAt = renewalOf(session, clock.date())
      this.#usedAt = clock.now()
      listener.opened(session)
      return session
    } catch (error) {
      if (signal.aborted) throw error
      throw this.#remember(error, this.#options.isRefusal(error) ? credentials : undefined)
    }
  }

  #secretsOf(credentials: Credentials | undefined): string[] {
    // What is no secret would hide what a message is about.
    const { shown = ['username'] } = this.#options.source
    return Object.entries(credentials ?? {}).flatMap(([name, value]) => (shown.includes(name) ? [] : [value]))
  }

  #remember(error: unknown, refused: Credentials | undefined): FailedLogin {
    const { clock, listener, retryAfterOf } = this.#options
    const held = this.#memory.remember(error, refused, retryAfterOf(error), clock.now())
    listener.refused(error, held.retryAfter)
    return held
  }
}

/** A session that is over before it began comes from a server with another clock: its 401 will tell when it ends. */
function renewalOf({ expiresAt }: Session, now: number): number {
  const lifetime = (expiresAt ?? 0) - now
  return expiresAt === undefined || lifetime <= 0
    ? Number.POSITIVE_INFINITY
    : expiresAt - Math.min(EXPIRY_MARGIN, lifetime / 4)
}
