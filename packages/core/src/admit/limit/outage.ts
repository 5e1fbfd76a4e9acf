import { probeGap } from './gaps.ts'
import type { BadAnswer } from './inputs.ts'

/** Bad answers in a row after which the service counts as down, and the same if each may be a separate fault. */
const DOWN = 3
const SURELY_DOWN = 6
/** Milliseconds without a good answer after which faults count as an outage. */
const FAULTS_FOR = 2_000

/** Part of the time without a good answer that a gap between two probes takes: a minute of it ends at the longest gap. */
const SHARE_OF_SILENCE = 1 / 12

/** The bad answers in a row, which show whether the service is down and whether it can be reached. */
export class Outage {
  #isDown = false
  #isUnreachable = false
  #badRun: number
  #goodAt: number
  readonly #startedAt: number
  /** Milliseconds of trouble without a good answer, up to the last bad one. */
  #silence = 0

  /**
   * @param goodAt time of the last good answer, or of the beginning.
   * @param now time at which the trouble began.
   */
  constructor(badRun: number, goodAt: number, now: number) {
    this.#badRun = badRun
    this.#goodAt = goodAt
    this.#startedAt = now
  }

  /** True after enough bad answers in a row. */
  get isDown(): boolean {
    return this.#isDown
  }

  /** True if no connection could be made for the last bad answer. */
  get isUnreachable(): boolean {
    return this.#isUnreachable
  }

  /**
   * Longest time between two requests, in milliseconds. While the service is down they are probes, which become fewer the longer
   * nothing was good.
   *
   * @param usual the same while it is not down.
   * @param before requests a second before the trouble.
   */
  longestGap(usual: number, before: number): number {
    if (!this.#isDown) return usual
    return Math.min(probeGap(before, this.#isUnreachable), Math.max(usual, this.#silence * SHARE_OF_SILENCE))
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
    this.#silence = now - Math.max(this.#goodAt, this.#startedAt)
    this.#isDown = this.#badRun >= DOWN && (!isWeak || now - this.#goodAt >= FAULTS_FOR || this.#badRun >= SURELY_DOWN)
    this.#isUnreachable = isUnreachable
  }
}
