import type { Credentials, Session } from '../contract/session.ts'
import { ClosedError } from './closed-error.ts'
import { type FailedLogin, LoginMemory } from './login-memory.ts'
import { renewalOf } from './renewal.ts'
import { joinLogin, type Login } from './shared-login.ts'
import type { DoorMaker, SlotOptions } from './slot-options.ts'

/** How long the server is asked to end a refused session, in milliseconds. */
const GOODBYE = 5_000
/** New sessions that may be refused unused before logins stop for a while. */
const UNPROVEN = 2

/** The session of one set of credentials at one origin, and the one login that everybody waits for. */
export class SessionSlot {
  readonly #options: SlotOptions
  readonly #memory = new LoginMemory()
  #session: Session | undefined
  #credentials: Credentials | undefined
  /** Those of the session before, too: its stragglers are still to be heard of. */
  #secrets: readonly string[] = []
  #login: Login<Session> | undefined
  /** That of the last login. */
  #door: DoorMaker | undefined
  #closings = 0
  /** In milliseconds since the epoch. */
  #renewAt = Number.POSITIVE_INFINITY
  #usedAt = 0
  #unproven = 0
  #proven = false

  constructor(options: SlotOptions) {
    this.#options = options
  }

  get origin(): string {
    return this.#options.origin
  }

  closedUpTo(): number {
    return this.#options.closedUpTo()
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
   *
   * @param error what a login fails with for a while, where fresh sessions are refused in a row; absent where the refusal
   *   says nothing of them.
   */
  drop(session: Session, mayStand: boolean, error: (() => unknown) | undefined): void {
    if (session !== this.#session) return
    this.#session = undefined
    if (mayStand) void this.#end(session, AbortSignal.timeout(GOODBYE))
    if (error === undefined || this.#proven || ++this.#unproven < UNPROVEN) return
    this.#remember(error(), this.#credentials)
  }

  /** The session of the one login under way, begun if need be. Throws the login's error, or the signal's reason. */
  async open(signal: AbortSignal | null | undefined, door: DoorMaker): Promise<Session> {
    signal?.throwIfAborted()
    if (this.#login === undefined) {
      const controller = new AbortController()
      const login: Login<Session> = { waiting: 0, controller, result: this.#logIn(controller.signal, door) }
      this.#login = login
      login.result
        .catch(() => {})
        .finally(() => {
          if (this.#login === login) this.#login = undefined
        })
    }
    const login = this.#login
    return joinLogin(login, signal, () => {
      if (this.#login === login) this.#login = undefined
    })
  }

  /** Ends the session at the server, best effort. */
  async close(signal: AbortSignal): Promise<void> {
    const [login, session] = [this.#login, this.#session]
    this.#login = undefined
    this.#session = undefined
    this.#closings++
    // A login under way ends the session itself that it brings, late as it may be.
    const brought = login && Promise.race([login.result.catch(() => {}), aborted(signal)])
    if (session !== undefined) {
      await this.#end(session, signal)
      this.#options.listener.closed()
    }
    await brought
  }

  async #end(session: Session, signal: AbortSignal): Promise<void> {
    const door = this.#door?.(signal, () => session.secrets)
    try {
      if (door !== undefined) await this.#options.source.close?.(session, door)
    } catch {
      // The server forgets an unused session by itself.
    }
  }

  async #logIn(signal: AbortSignal, door: DoorMaker): Promise<Session> {
    const { source, clock, listener } = this.#options
    const closings = this.#closings
    const isClosed = () => closings !== this.#closings
    const unasked = this.#memory.heldBackUnasked(clock.now())
    if (unasked !== undefined) throw unasked
    const credentials = await source.credentials()
    const held = this.#memory.heldBack(credentials, clock.now())
    if (held !== undefined) throw held
    if (isClosed()) throw new ClosedError()
    this.#credentials = credentials
    try {
      const session = await source.open(
        credentials,
        door(signal, () => this.#secretsOf(credentials)),
      )
      this.#door = door
      if (signal.aborted || isClosed()) {
        // Nobody waits for it any more, and another login may be under way.
        const ended = this.#end(session, AbortSignal.timeout(GOODBYE))
        if (signal.aborted) throw signal.reason
        await ended
        throw new ClosedError()
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
      if (isClosed()) throw new ClosedError()
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

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
