import type { BadAnswer } from './inputs.ts'

/** Bad answers in a row after which the service is taken to be down, and the same where each may be a fault of its own. */
const DOWN = 3
const SURELY_DOWN = 6
/** Milliseconds without a good answer after which faults are taken to be an outage. */
const FAULTS_FOR = 2_000

/** The bad answers in a row, as far as they say whether anybody is there. */
export class Absence {
  #isDown = false
  #isAbsent = false
  #isQueued = false
  #badRun: number
  #goodAt: number

  /** @param goodAt time of the last good answer, or of the beginning. */
  constructor(badRun: number, goodAt: number) {
    this.#badRun = badRun
    this.#goodAt = goodAt
  }

  /** True after bad answers alone. */
  get isDown(): boolean {
    return this.#isDown
  }

  /** True if no connection could be made. */
  get isAbsent(): boolean {
    return this.#isAbsent
  }

  /** True after bad answers alone, where no connection could be made. */
  get isAway(): boolean {
    return this.#isDown && this.#isAbsent
  }

  /** True while a request asks no more than whether anybody is there. */
  get asks(): boolean {
    return this.#isDown && (this.#isAbsent || this.#isQueued)
  }

  /** True for a plain refusal where nobody was there: somebody is again. */
  isEndedBy({ isAbsent, isWeak, isQueued }: BadAnswer): boolean {
    return this.#isDown && this.#isAbsent && !isAbsent && !isWeak && !isQueued
  }

  /** Begins to count anew. */
  end(): void {
    this.#badRun = 0
  }

  good(now: number): void {
    this.#isDown = false
    this.#goodAt = now
    this.#badRun = 0
  }

  bad({ isAbsent, isWeak, isQueued, now }: BadAnswer): void {
    this.#badRun++
    this.#isDown = this.#badRun >= DOWN && (!isWeak || now - this.#goodAt >= FAULTS_FOR || this.#badRun >= SURELY_DOWN)
    this.#isAbsent = isAbsent
    this.#isQueued = isQueued
  }
}
