import { abortable, systemClock } from '../../contract/clock.ts'
import type { Session, SessionSource } from '../../contract/session.ts'
import type { LoginTransportFactory } from './login-transport.ts'

/** Milliseconds before its end from which on a session is renewed; for a short one, the last quarter of its life. */
const EXPIRY_MARGIN = 30_000

/** Shortest life that is assumed, in milliseconds: a shorter one would cost each call a login. */
const SHORTEST_LIFE = 1_000

/** The time limit of a logout. */
export const forLogout = (): AbortSignal => AbortSignal.timeout(5_000)

/** A time by both clocks. */
interface Moment {
  /** Monotonic milliseconds. */
  readonly now: number
  /** Milliseconds since the epoch. */
  readonly date: number
}

/** A session with its times and the means to end it. */
export class SessionHandle {
  readonly session: Session
  /** True once a call succeeded with it. */
  isValid = false
  readonly #source: SessionSource
  readonly #makeTransport: LoginTransportFactory
  readonly #openedAt: Moment
  /** Milliseconds after which it is renewed. */
  readonly #life: number
  /** The same without a shortest life. */
  readonly #sureLife: number
  /** Monotonic milliseconds. */
  #usedAt: number

  constructor(session: Session, source: SessionSource, makeTransport: LoginTransportFactory) {
    this.session = session
    this.#source = source
    this.#makeTransport = makeTransport
    this.#openedAt = { now: systemClock.now(), date: systemClock.date() }
    this.#life = lifeOf(session, this.#openedAt.date, SHORTEST_LIFE)
    this.#sureLife = lifeOf(session, this.#openedAt.date, 0)
    this.#usedAt = this.#openedAt.now
  }

  /** @param now monotonic milliseconds. */
  markUsed(now: number): void {
    this.#usedAt = now
  }

  /** True unless it is about to expire. For a body that can be sent only once, it must certainly be fresh. */
  isFresh(isBodyOnce: boolean): boolean {
    const life = isBodyOnce ? this.#sureLife : this.#life
    if (life !== Number.POSITIVE_INFINITY && this.#since(this.#openedAt.now) > life) return false
    const idle = this.session.idleTimeout
    return !isBodyOnce || idle === undefined || this.#since(this.#usedAt) <= idle * 0.9
  }

  /**
   * Milliseconds since then, by the clock that has advanced more since the session was opened: the wall clock may be set back, and
   * the monotonic clock stands still while the machine sleeps.
   */
  #since(then: number): number {
    const { now, date } = this.#openedAt
    return Math.max(systemClock.now(), now + systemClock.date() - date) - then
  }

  /** Ends it at the server, best effort. `spare` makes the transport if the client that opened it was collected. */
  async end(signal: AbortSignal, spare?: LoginTransportFactory): Promise<void> {
    const { session } = this
    const context = { signal, stop: signal, secrets: () => session.secrets }
    const transport = this.#makeTransport(context) ?? spare?.(context)
    if (transport === undefined) return
    const closing = async () => this.#source.close?.(session, transport)
    try {
      // `close` may wait for something that ignores the signal.
      await abortable(closing(), signal)
    } catch {
      // The server forgets an unused session by itself.
    }
  }
}

/**
 * Milliseconds for which a session is used. If it has expired before it was opened, the server's clock differs, and a 401 will
 * show its end.
 */
function lifeOf({ expiresAt }: Session, now: number, shortest: number): number {
  if (expiresAt === undefined || expiresAt <= now) return Number.POSITIVE_INFINITY
  const life = Math.max(shortest, expiresAt - now)
  return life - Math.min(EXPIRY_MARGIN, life / 4)
}
