import type { Clock } from '../../contract/clock.ts'
import type { Session, SessionSource } from '../../contract/session.ts'
import type { LoginTransportFactory } from './login-transport.ts'

/** A session this near its end is renewed before it is used; a short one in its last quarter. */
const EXPIRY_MARGIN = 30_000

/** A life below a second would cost each call a login: such a session is used as if it had one. */
const SHORTEST_LIFE = 1_000

/** A limit on asking the server to end a session that nobody uses any more. */
export const forLogout = (): AbortSignal => AbortSignal.timeout(5_000)

/** A session with the means to end it, and what is known of it. */
export class SessionHandle {
  readonly session: Session
  /** True once a call went well with it. */
  isValid = false
  readonly #source: SessionSource
  readonly #makeTransport: LoginTransportFactory
  readonly #clock: Clock
  /** In milliseconds since the epoch. */
  readonly #refreshAt: number
  /** Monotonic milliseconds. */
  #usedAt: number

  constructor(session: Session, source: SessionSource, makeTransport: LoginTransportFactory, clock: Clock) {
    this.session = session
    this.#source = source
    this.#makeTransport = makeTransport
    this.#clock = clock
    this.#refreshAt = refreshTimeOf(session, clock.date())
    this.#usedAt = clock.now()
  }

  /** @param now monotonic milliseconds. */
  markUsed(now: number): void {
    this.#usedAt = now
  }

  /** True unless it is about to end. For a body that can be sent only once it must surely be fresh. */
  isFresh(onceOnly: boolean): boolean {
    if (this.#refreshAt !== Number.POSITIVE_INFINITY && this.#clock.date() > this.#refreshAt) return false
    const idle = this.session.idleTimeout
    return !onceOnly || idle === undefined || this.#clock.now() - this.#usedAt <= idle * 0.9
  }

  /** Ends it at the server, best effort, with a transport to spare where the client that has opened it is gone. */
  async end(signal: AbortSignal, spare?: LoginTransportFactory): Promise<void> {
    const { session } = this
    const context = { signal, stop: signal, secrets: () => session.secrets }
    const transport = this.#makeTransport(context) ?? spare?.(context)
    if (transport === undefined) return
    try {
      await this.#source.close?.(session, transport)
    } catch {
      // The server forgets an unused session by itself.
    }
  }
}

/**
 * The time at which a session is renewed, in milliseconds since the epoch. A session that is over before it began comes
 * from a server with another clock: its 401 will tell when it ends.
 */
function refreshTimeOf({ expiresAt }: Session, now: number): number {
  if (expiresAt === undefined || expiresAt <= now) return Number.POSITIVE_INFINITY
  const life = Math.max(SHORTEST_LIFE, expiresAt - now)
  return now + life - Math.min(EXPIRY_MARGIN, life / 4)
}
