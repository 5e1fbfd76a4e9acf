import { burstOf } from './gaps.ts'

/** Shortest time between two requests, as a share of the gap. */
export const LEAST_SPREAD = 0.75
/** Milliseconds after which a request without an answer no longer holds back the next. */
const UNANSWERED = 3_000

/** The gap between requests, for a service that takes less than one at a time, or counts them. */
export class Pacer {
  /** The number of requests that were due at a time. */
  #due = { count: 0, at: Number.NEGATIVE_INFINITY }
  #startedAt = Number.NEGATIVE_INFINITY
  #isAnswered = true
  #spread = 1
  /** Time until which nothing goes after a refusal. */
  #restsUntil = Number.NEGATIVE_INFINITY

  /**
   * Milliseconds until the next request may go.
   *
   * @param gap milliseconds between two.
   * @param answerTime milliseconds within which an answer is expected; 0 if no request is under way.
   */
  delay(gap: number, answerTime: number, now: number): number {
    const due = Math.max(0, (1 - this.#dueBy(gap, now)) * gap * this.#spread)
    // Before there is an answer, the next request would learn nothing. But one that hangs must not hold back the others.
    const answerIn = this.#isAnswered ? 0 : this.#startedAt + Math.min(UNANSWERED, answerTime) - now
    return answerTime === 0 ? due : Math.max(due, answerIn)
  }

  /** Milliseconds until the last request was sent `ms` milliseconds ago. */
  since(ms: number, now: number): number {
    return Math.max(0, this.#startedAt + ms - now)
  }

  /** Lets nothing go for `ms` milliseconds. */
  rest(ms: number, now: number): void {
    this.#restsUntil = now + ms
  }

  /** Milliseconds until the rest is over. */
  resting(now: number): number {
    return Math.max(0, this.#restsUntil - now)
  }

  /** @param random from 0 to 1, so that many clients do not send at the same time. */
  start(gap: number, now: number, random: number): void {
    this.#due = { count: Math.max(-1, this.#dueBy(gap, now) - 1), at: now }
    this.#startedAt = now
    this.#isAnswered = false
    this.#spread = LEAST_SPREAD + 2 * (1 - LEAST_SPREAD) * random
  }

  /** Takes a good answer. */
  answered(): void {
    this.#isAnswered = true
  }

  /**
   * Lets at most one request be due.
   *
   * @param ms milliseconds for which the server wants no request. They count towards the gap.
   */
  hold(gap: number, ms: number, now: number): void {
    this.#due = { count: Math.min(1, this.#dueBy(gap, now) + ms / gap), at: now + ms }
  }

  #dueBy(gap: number, now: number): number {
    const burst = burstOf(gap)
    const since = Math.min(burst + 1, Math.max(0, now - this.#due.at) / (gap * this.#spread))
    return Math.min(burst, this.#due.count + since)
  }
}
