import { doubled } from './login/pace.ts'

/** Milliseconds for which no login is made for a service that rejects fresh sessions: doubles with each in a row. */
const PACE = { first: 60_000, longest: 900_000 }

/**
 * Keeps calls from renewing sessions for a service that rejects even fresh ones, as it does to an account without rights
 * or while it cannot reach its identity service. The session may be good elsewhere, so another login would change nothing.
 */
export class ReloginCooldown {
  #inRow = 0
  #until = 0

  /** Begins, or doubles: a session just opened was rejected. */
  start(now: number): void {
    this.#until = now + doubled(PACE, this.#inRow)
    this.#inRow++
  }

  /** Ends: a session was accepted. */
  reset(): void {
    this.#inRow = 0
    this.#until = 0
  }

  /** Milliseconds for which another login would be in vain; 0 for none. */
  remaining(now: number): number {
    return Math.max(0, this.#until - now)
  }
}
