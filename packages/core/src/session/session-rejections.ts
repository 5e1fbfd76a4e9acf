import { SessionsRejected } from './login/failed-login.ts'
import { Doubling } from './login/pace.ts'

/** Milliseconds for which one call alone may try a session. */
const PROBE = 1_000

/** The state of credentials whose logins succeed while the service rejects their sessions. */
export class SessionRejections {
  /** The time between two logins. */
  readonly #wait = new Doubling({ first: 1_000, longest: 30_000 })
  #hasBegun = false
  #probeEndsAt = 0
  #makeError: () => unknown = () => undefined

  /** True from the first fresh session that was rejected until one is accepted. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** True from the first one that was no chance until one is accepted. */
  get isActive(): boolean {
    return this.#wait.isActive
  }

  /** Milliseconds until the next login. */
  remaining(now: number): number {
    return this.#wait.remaining(now)
  }

  /**
   * Counts the rejection of a fresh session: the time begins, or doubles. Jitter only adds to it, because some servers reject for
   * whole seconds.
   *
   * @param mayBeChance true if the first one may be chance, so that the next login follows at once.
   */
  count(mayBeChance: boolean, makeError: () => unknown, now: number, random: number): void {
    const isFirst = !this.#hasBegun
    this.#hasBegun = true
    if (isFirst && mayBeChance) return
    this.#wait.start(now, (ms) => ms * (1 + 0.2 * random))
    this.#probeEndsAt = 0
    this.#makeError = makeError
  }

  /** Gives the caller the right to try a session alone for some time; false if another has it. */
  claimProbe(now: number): boolean {
    if (now < this.#probeEndsAt) return false
    this.#probeEndsAt = now + PROBE
    return true
  }

  /** Milliseconds until the next call may try. */
  probeRemaining(now: number): number {
    return Math.max(0, this.#probeEndsAt - now)
  }

  /** The failure of a call that does not wait for the next login. */
  failure(now: number): SessionsRejected {
    return new SessionsRejected(this.#makeError(), this.remaining(now))
  }

  /** Ends: a session was accepted. */
  reset(): void {
    this.#hasBegun = false
    this.#wait.reset()
    this.#probeEndsAt = 0
    this.#makeError = () => undefined
  }
}
