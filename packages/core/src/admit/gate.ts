import type { Quota } from '../contract/rate-limit/quota.ts'
import { Bounds } from './bounds/bounds.ts'
import type { Breaker } from './breaker/breaker.ts'
import type { Block, GateOptions } from './guards.ts'
import type { LoadSign } from './limit/evidence.ts'
import type { Demand } from './limit/inputs.ts'
import { LearnedLimit } from './limit/learned-limit.ts'
import type { Limit } from './limit/limit.ts'
import type { Pause } from './pause.ts'
import { type Permit, UNGUARDED } from './permit.ts'

/** Good answers within a span of traffic up to which each is searched for a quota. */
const ALL_LOOKED_AT = 16

/** Stands for the bounds of every key for which neither the service nor the user has set any. */
const UNBOUNDED = new Bounds(Number.POSITIVE_INFINITY)

/** The pause, circuit and limit of one key, which decide whether a request may go now. */
export class Gate {
  readonly breaker: Breaker | undefined
  /** Shared by all keys of a client until it begins; see {@link Pause.unshared}. */
  pause: Pause | undefined
  /** The rate limit that the service states, and the user's `concurrency`. */
  #bounds = UNBOUNDED
  readonly #learned: LearnedLimit
  #underWay = 0
  /** Whole millisecond in which a good answer was last searched for a quota. */
  #lookedAt = -1

  constructor({ breaker, pause, hasLimit, concurrency, listener }: GateOptions, now: number) {
    this.breaker = breaker
    this.pause = pause
    this.#learned = new LearnedLimit(hasLimit, listener, now)
    if (concurrency !== undefined) this.#bounds = new Bounds(concurrency)
  }

  /** True if a limit begins with the first sign of overload. */
  get isPaced(): boolean {
    return this.#learned.isPaced
  }

  /** Requests that the service allows until its rate limit resets; `Infinity` if it has not said. */
  get remaining(): number {
    return this.#bounds.remaining
  }

  get underWay(): number {
    return this.#underWay
  }

  /** True while the next request is a probe of a service that is down, and will probably fail. */
  get isProbing(): boolean {
    return this.limit?.isDown === true || (this.breaker?.state ?? 'closed') !== 'closed'
  }

  /** True while many requests fail for faults of their own and others succeed. */
  get isFaulty(): boolean {
    return this.#learned.isFaulty
  }

  /** The learned limit; absent while the service has shown none. */
  get limit(): Limit | undefined {
    return this.#learned.current
  }

  /**
   * The reason why nothing may go now; `undefined` if the next request may go.
   *
   * @param isWaitedFor true while calls wait: a limit is not forgotten before they have gone.
   * @param isImpatient true for a call with `patience: 0`. If the last connection could not be made, it may try one itself: that
   *   costs the service nothing and fails as fast as a refusal.
   */
  block(now: number, isWaitedFor: boolean, isImpatient = false): Block | undefined {
    if (isWaitedFor) this.#learned.strain(now)
    const paused = this.pause?.remaining(now) ?? 0
    if (paused > 0) return { reason: 'paused', ms: paused, known: paused }
    const open = isImpatient && this.#learned.isUnreachable ? 0 : (this.breaker?.admissionDelay(now) ?? 0)
    if (open > 0) return { reason: 'circuit-open', ms: open, known: this.breaker?.probeDelay(now) ?? 0 }
    const hold = this.#bounds.holdFor(this.#underWay, now)
    if (hold !== undefined) return { reason: 'limited', ...hold }
    const ms = this.#learned.delay(this.#underWay, now, isImpatient)
    return ms === 0 ? undefined : { reason: 'limited', ms, known: 0 }
  }

  /** Lets one request go, which nothing blocks. */
  take(now: number, random: () => number): Permit {
    this.pause?.claim(now)
    this.#underWay++
    this.#bounds.take()
    this.limit?.start(now, random())
    return this.breaker?.admit(now) ?? UNGUARDED
  }

  /**
   * True if the next good answer is to be searched for a quota. A search takes a third of the time of a call. So if no limit is
   * known, and thousands of answers come each second, only one answer in each millisecond is searched.
   */
  expectsQuota(now: number): boolean {
    if (this.#bounds !== UNBOUNDED || this.limit !== undefined || this.#learned.traffic.count < ALL_LOOKED_AT)
      return true
    if (this.#lookedAt === Math.trunc(now)) return false
    this.#lookedAt = Math.trunc(now)
    return true
  }

  /** Applies what an answer says of the rate limit, for at most `longest` milliseconds. */
  applyQuota(quota: Quota | undefined, longest: number, now: number): void {
    if (quota !== undefined && this.#bounds === UNBOUNDED) this.#bounds = new Bounds(Number.POSITIVE_INFINITY)
    this.#bounds.applyQuota(quota, this.#underWay - 1, longest, now)
  }

  /** Begins a pause. @returns for how many milliseconds, if that is news. */
  startPause(ms: number, now: number): number | undefined {
    this.pause = this.pause?.unshared()
    return this.pause?.start(ms, now)
  }

  /** Gives back a permit whose attempt says nothing. It is also given back to the rate limit, unless its request was sent. */
  release(isSent: boolean): void {
    this.#underWay--
    if (!isSent) this.#bounds.giveBack()
  }

  /** Takes back a permit, and learns from an answer that was not good. */
  learn(sign: LoadSign, waiting: Demand, now: number): void {
    this.#underWay--
    if (sign.load === 'bad') this.#learned.bad(sign, this.#underWay, waiting, now)
  }

  /** Takes back a permit, and learns from a good answer. */
  learnGood(ms: number, isSlow: boolean, waiting: Demand, now: number): void {
    this.#underWay--
    this.#learned.good(ms, isSlow, this.#underWay, waiting, now)
  }

  /** Begins a limit when the circuit has closed: with a share of the rate before, growing with successes. */
  restart(waiting: Demand, now: number): void {
    this.#learned.restart(waiting, now)
  }

  /** Notes that a call has come that waits for nothing. */
  noteImpatient(): void {
    this.#learned.hasImpatient = true
  }

  /** Forgets the limit, the stated rate limit, and all that answers were evidence of. */
  reset(now: number): void {
    this.#bounds.reset()
    this.#learned.reset(now)
  }
}
