import type { BadAnswer } from './inputs.ts'

/** Bad answers in a row after which the service counts as down, and the same if each may be a separate fault. */
const DOWN = 3
const SURELY_DOWN = 6
/** Milliseconds without a good answer after which faults count as an outage. */
const FAULTS_FOR = 2_000

/** The bad answers in a row, which show whether the service is down and whether it can be reached. */
export class Outage {
  #isDown = false
  #isUnreachable = false
  #badRun: number
  #goodAt: number

  /** @param goodAt time of the last good answer, or of the beginning. */
  constructor(badRun: number, goodAt: number) {
    this.#badRun = badRun
    this.#goodAt = goodAt
  }

  /** True after enough bad answers in a row. */
  get isDown(): boolean {
    return this.#isDown
  }

  /** True if no connection could be made for the last bad answer. */
  get isUnreachable(): boolean {
    return this.#isUnreachable
  }

  /** True for a refusal by a service that could not be reached before: it is up again. */
  isEndedBy({ isUnreachable, isWeak, isQueued }: BadAnswer): boolean {
    return this.#isDown && this.#isUnreachable && !isUnreachable && !isWeak && !isQueued
  }

  /** Sets the count to zero. */
  end(): void {
    this.#badRun = 0
  }

  good(now: number): void {
    this.#isDown = false
    this.#goodAt = now
    this.#badRun = 0
  }

  bad({ isUnreachable, isWeak, now }: BadAnswer): void {
    this.#badRun++
    this.#isDown = this.#badRun >= DOWN && (!isWeak || now - this.#goodAt >= FAULTS_FOR || this.#badRun >= SURELY_DOWN)
    this.#isUnreachable = isUnreachable
  }
}
