/** How long no login is made for a service that refuses fresh sessions: doubles with each refusal in a row. */
const FIRST = 60_000
const LONGEST = 900_000

/**
 * Remembers that a service refuses even sessions straight from a login, as it does to whom it has no right for, or while
 * it cannot ask who somebody is. The session may well be good elsewhere, so a login for each call would change nothing.
 */
export class FreshRefusals {
  #inRow = 0
  #until = 0

  /** A session just opened was refused. */
  note(now: number): void {
    this.#until = now + Math.min(LONGEST, FIRST * 2 ** Math.min(this.#inRow, 20))
    this.#inRow++
  }

  /** A session was taken. */
  forget(): void {
    this.#inRow = 0
    this.#until = 0
  }

  /** Milliseconds for which another login would be in vain; 0 for none. */
  left(now: number): number {
    return Math.max(0, this.#until - now)
  }
}
