/** Requests that may follow each other after a quiet moment. */
const BURST = 3
/** Milliseconds after which one that is not answered keeps no other. */
const UNANSWERED = 3_000

/** Keeps a gap between requests, for a service that takes less than one at a time. */
export class Pacer {
  /** Requests that were due at a time. */
  #due = { count: 0, at: Number.NEGATIVE_INFINITY }
  #startedAt = Number.NEGATIVE_INFINITY
  #isAnswered = true
  #spread = 1
  /** Time until which nothing goes because of a refusal. */
  #restsUntil = Number.NEGATIVE_INFINITY

  /**
   * Milliseconds until the next may go.
   *
   * @param gap milliseconds between two.
   * @param answerTime milliseconds in which an answer comes; 0 while none is under way.
   */
  delay(gap: number, answerTime: number, now: number): number {
    const due = Math.max(0, (1 - this.#dueBy(gap, now)) * gap * this.#spread)
    // While there is no answer, the next one would learn nothing; but one that hangs does not keep the others.
    const answerIn = this.#isAnswered ? 0 : this.#startedAt + Math.min(UNANSWERED, answerTime) - now
    return answerTime === 0 ? due : Math.max(due, answerIn)
  }

  /** Milliseconds until the last that went out is so long ago. */
  since(ms: number, now: number): number {
    return Math.max(0, this.#startedAt + ms - now)
  }

  /** Keeps everything for so many milliseconds. */
  rest(ms: number, now: number): void {
    this.#restsUntil = now + ms
  }

  /** Milliseconds until that is over. */
  resting(now: number): number {
    return Math.max(0, this.#restsUntil - now)
  }

  /** @param random from 0 to 1, so that the gaps of many clients do not meet. */
  start(gap: number, now: number, random: number): void {
    this.#due = { count: Math.max(-1, this.#dueBy(gap, now) - 1), at: now }
    this.#startedAt = now
    this.#isAnswered = false
    this.#spread = 0.75 + random / 2
  }

  /** Takes a good answer. */
  answered(): void {
    this.#isAnswered = true
  }

  /**
   * Lets one be due at most.
   *
   * @param ms for which the server wants none, and which count towards the gap.
   */
  hold(gap: number, ms: number, now: number): void {
    this.#due = { count: Math.min(1, this.#dueBy(gap, now) + ms / gap), at: now + ms }
  }

  #dueBy(gap: number, now: number): number {
    const since = Math.min(BURST + 1, Math.max(0, now - this.#due.at) / (gap * this.#spread))
    return Math.min(BURST, this.#due.count + since)
  }
}
