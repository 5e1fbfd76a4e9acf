import type { Quota } from '../contract/rate-limit/quota.ts'
import { Bounds } from './bounds/bounds.ts'
import type { Breaker } from './breaker.ts'
import type { Block, GateOptions, LimitListener } from './guards.ts'
import { Evidence, type LoadSign } from './limit/evidence.ts'
import { FIRST_GAP, firstWindow, lateWindow } from './limit/first-window.ts'
import type { Demand, LimitStart } from './limit/inputs.ts'
import { Limit } from './limit/limit.ts'
import { Traffic } from './limit/traffic.ts'
import type { Pause } from './pause.ts'
import { type Permit, UNGUARDED } from './permit.ts'

/** Milliseconds without overload and without waiting calls, after which a limit is forgotten. */
const CALM = 10_000
/** Good answers within a span of traffic up to which each is searched for a quota. */
const ALL_LOOKED_AT = 16

/** Stands for the bounds of every key for which neither the service nor the user has set any. */
const UNBOUNDED = new Bounds(Number.POSITIVE_INFINITY)

/** The pause, circuit and limit of one key, which decide whether a request may go now. */
export class Gate {
  readonly breaker: Breaker | undefined
  /** Shared by all keys of a client until it begins; see {@link Pause.unshared}. */
  pause: Pause | undefined
  /** True if a limit begins with the first sign of overload. */
  readonly isPaced: boolean
  readonly #listener: LimitListener | undefined
  /** The rate limit that the service states, and the user's `concurrency`. */
  #bounds = UNBOUNDED
  readonly #traffic: Traffic
  #limit: Limit | undefined
  #underWay = 0
  /** Time at which there was overload or a waiting call for the last time. */
  #strainedAt = 0
  readonly #evidence = new Evidence()
  #cutAt = 0
  /** Whole millisecond in which a good answer was last searched for a quota. */
  #lookedAt = -1

  constructor({ breaker, pause, hasLimit, concurrency, listener }: GateOptions, now: number) {
    this.breaker = breaker
    this.pause = pause
    this.isPaced = hasLimit
    this.#listener = listener
    if (concurrency !== undefined) this.#bounds = new Bounds(concurrency)
    this.#traffic = new Traffic(now)
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
    return this.#limit?.isDown === true || (this.breaker?.state ?? 'closed') !== 'closed'
  }

  /** True while many requests fail for faults of their own and others succeed. */
  get isFaulty(): boolean {
    return this.#evidence.isFaulty
  }

  /** The learned limit; absent while the service has shown none. */
  get limit(): Limit | undefined {
    return this.#limit
  }

  /**
   * The reason why nothing may go now; `undefined` if the next request may go.
   *
   * @param isWaitedFor true while calls wait: a limit is not forgotten before they have gone.
   * @param isImpatient true for a call with `patience: 0`. If the last connection could not be made, it may try one itself: that
   *   costs the service nothing and fails as fast as a refusal.
   */
  block(now: number, isWaitedFor: boolean, isImpatient = false): Block | undefined {
    if (isWaitedFor) this.#strainedAt = now
    const paused = this.pause?.remaining(now) ?? 0
    if (paused > 0) return { reason: 'paused', ms: paused, known: paused }
    const { isUnreachable } = this.#evidence
    const open = isImpatient && isUnreachable ? 0 : (this.breaker?.admissionDelay(now) ?? 0)
    if (open > 0) return { reason: 'circuit-open', ms: open, known: this.breaker?.probeDelay(now) ?? 0 }
    const hold = this.#bounds.holdFor(this.#underWay, now)
    if (hold !== undefined) return { reason: 'limited', ...hold }
    if (this.#limit === undefined) return undefined
    if (now - this.#strainedAt > CALM) return this.#forget(now)
    if (isImpatient) this.#evidence.hasImpatient = true
    if (isImpatient && this.#limit.isForThePatient(this.#underWay, isUnreachable)) return undefined
    const ms = this.#limit.delay(this.#underWay, now)
    return ms === 0 ? undefined : { reason: 'limited', ms, known: 0 }
  }

  /** Lets one request go, which nothing blocks. */
  take(now: number, random: () => number): Permit {
    this.pause?.claim(now)
    this.#underWay++
    this.#bounds.take()
    this.#limit?.start(now, random())
    return this.breaker?.admit(now) ?? UNGUARDED
  }

  /**
   * True if the next good answer is to be searched for a quota. A search takes a third of the time of a call. So if no limit is
   * known, and thousands of answers come each second, only one answer in each millisecond is searched.
   */
  expectsQuota(now: number): boolean {
    if (this.#bounds !== UNBOUNDED || this.#limit !== undefined || this.#traffic.count < ALL_LOOKED_AT) return true
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
    const { load, ms, isUnreachable, hint, isThrottle } = sign
    if (load !== 'bad') return
    const { isWeak, isQueued, isAlone } = this.#evidence.bad(sign, now)
    if (!this.isPaced) return
    this.#strainedAt = now
    if (isAlone && this.#limit === undefined) return
    const limit = this.#limit ?? this.#beginByBad(ms, isQueued, hint || (isThrottle ? FIRST_GAP : 0), now)
    const needed = waiting.neededRate(now)
    limit.bad({ isUnreachable, isWeak, isThrottle, isQueued, isOld: now - ms < this.#cutAt, hint, needed, now })
    this.#cutAt = now
  }

  /** Takes back a permit, and learns from a good answer. */
  learnGood(ms: number, isSlow: boolean, waiting: Demand, now: number): void {
    this.#underWay--
    this.#evidence.good(now - ms, now)
    const limit = this.#limit
    if (limit === undefined) return this.#traffic.good(ms, now) ? this.#learnLate(ms, now) : undefined
    // A limit paces the calls that waited: without any, it is not needed.
    const isForgiven = this.#evidence.forgives(now - ms, waiting.size + this.#underWay, limit.rate)
    if (waiting.size === 0 && (limit.isDown || isForgiven)) return this.#forget(now)
    const isFull = waiting.size > 0 || limit.isByCount || this.#underWay + 1 >= limit.window
    limit.good({ ms, isSlow, isFull, needed: waiting.neededRate(now), now })
  }

  /** Learns from a late answer of a service without overload: it may be the first sign of it. */
  #learnLate(ms: number, now: number): void {
    if (!this.isPaced || !this.#traffic.isCrowded(this.#underWay, now)) return
    this.#strainedAt = now
    this.#begin({ window: lateWindow(this.#underWay + 1, this.#traffic.base, ms), latency: ms, isByLatency: true }, now)
  }

  /** Begins a limit when the circuit has closed: with a share of the rate before, growing with successes. */
  restart(waiting: Demand, now: number): void {
    if (!this.isPaced) return
    // A limit paces the calls that waited: without any, it is not needed.
    if (waiting.size === 0) return this.#forget(now)
    this.#strainedAt = now
    const limit = this.#limit ?? this.#begin({ window: 0, latency: this.#traffic.latency || FIRST_GAP / 10 }, now)
    limit.restart()
  }

  /** Forgets the limit. */
  reset(now: number): void {
    this.#bounds.reset()
    this.#forget(now)
  }

  #forget(now: number): undefined {
    if (this.#limit === undefined) return
    this.#traffic.resume(now)
    this.#limit = undefined
    this.#listener?.limitChanged(undefined)
  }

  #beginByBad(ms: number, isQueued: boolean, hint: number, now: number): Limit {
    const latency = this.#traffic.latency || Math.max(1, ms)
    const window = firstWindow({ latency, rate: this.#traffic.rate(now), underWay: this.#underWay, isQueued, hint })
    return this.#begin({ window, latency }, now)
  }

  #begin(start: Pick<LimitStart, 'window' | 'latency' | 'isByLatency'>, now: number): Limit {
    const { badRun, goodAt } = this.#evidence
    // The limit counts the answer that it begins with itself.
    const counted = { badRun: Math.max(0, badRun - 1), goodAt }
    const limit = new Limit({ base: this.#traffic.base, before: this.#traffic.rate(now), now, ...counted, ...start })
    this.#limit = limit
    // Last, because a listener may reset the limit.
    this.#listener?.limitChanged(limit)
    return limit
  }
}
