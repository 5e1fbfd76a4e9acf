import { abortable, systemClock } from '../../contract/clock.ts'
import type { Session, SessionSource } from '../../contract/session.ts'
import type { LoginTransportFactory } from './login-transport.ts'

/** A session this near its end is renewed before it is used; a short one in its last quarter. */
const EXPIRY_MARGIN = 30_000

/** A life below a second would cost each call a login: such a session is used as if it had one. */
const SHORTEST_LIFE = 1_000

/** A limit on asking the server to end a session that nobody uses any more. */
export const forLogout = (): AbortSignal => AbortSignal.timeout(5_000)

/** A moment by both clocks. */
interface Moment {
  /** Monotonic milliseconds. */
  readonly now: number
  /** Milliseconds since the epoch. */
  readonly date: number
}

/** A session with the means to end it, and what is known of it. */
export class SessionHandle {
  readonly session: Session
  /** True once a call went well with it. */
  isValid = false
  readonly #source: SessionSource
  readonly #makeTransport: LoginTransportFactory
  readonly #openedAt: Moment
  /** Milliseconds after which it is renewed. */
  readonly #life: number
  /** The same by the server's own word, however short a life that is. */
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

  /** True unless it is about to end. For a body that can be sent only once it must surely be fresh. */
  isFresh(isBodyOnce: boolean): boolean {
    const life = isBodyOnce ? this.#sureLife : this.#life
    if (life !== Number.POSITIVE_INFINITY && this.#since(this.#openedAt.now) > life) return false
    const idle = this.session.idleTimeout
    return !isBodyOnce || idle === undefined || this.#since(this.#usedAt) <= idle * 0.9
  }

  /**
   * Milliseconds since then by the clock that has gone further since it was opened: one of them may be set back, and the
   * other stands still while the machine sleeps.
   */
  #since(then: number): number {
    const { now, date } = this.#openedAt
    return Math.max(systemClock.now(), now + systemClock.date() - date) - then
  }

  /** Ends it at the server, best effort, with a transport to spare where the client that has opened it is gone. */
  async end(signal: AbortSignal, spare?: LoginTransportFactory): Promise<void> {
    const { session } = this
    const context = { signal, stop: signal, secrets: () => session.secrets }
    const transport = this.#makeTransport(context) ?? spare?.(context)
    if (transport === undefined) return
    const closing = async () => this.#source.close?.(session, transport)
    try {
      // It may wait for something else than the transport, which hears the signal.
      await abortable(closing(), signal)
    } catch {
      // The server forgets an unused session by itself.
    }
  }
}

/**
 * Milliseconds for which a session is used. One that is over before it began comes from a server with another clock: its 401
 * will tell when it ends.
 */
function lifeOf({ expiresAt }: Session, now: number, shortest: number): number {
  if (expiresAt === undefined || expiresAt <= now) return Number.POSITIVE_INFINITY
  const life = Math.max(shortest, expiresAt - now)
  return life - Math.min(EXPIRY_MARGIN, life / 4)
}
