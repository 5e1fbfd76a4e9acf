import type { LimitListener } from '../guards.ts'
import { Evidence, type LoadSign } from './evidence.ts'
import { FIRST_GAP, firstWindow, lateWindow } from './first-window.ts'
import type { Demand, LimitStart } from './inputs.ts'
import { Limit } from './limit.ts'
import { RefusedShare } from './refused-share.ts'
import { Traffic } from './traffic.ts'

/** Milliseconds without overload and without waiting calls, after which a limit is forgotten. */
const CALM = 10_000
/** Milliseconds after a limit for which the share of refusals is known. */
const KNOWN_FOR = 60_000

/** The limit of one key while there is one, when it begins and ends, and what it is learned from. */
export class LearnedLimit {
  readonly traffic: Traffic
  /** True if a limit begins with the first sign of overload. */
  readonly isPaced: boolean
  readonly #listener: LimitListener | undefined
  #limit: Limit | undefined
  #evidence = new Evidence()
  /** Made for the first limit, and kept for the next: one that ends soon sees too few answers. */
  #refusedShare: RefusedShare | undefined
  /** True once a call has come that waits for nothing: then others may come although none waits. */
  hasImpatient = false
  /** Time at which there was overload or a waiting call for the last time. */
  #strainedAt = 0
  /** Time at which the last limit ended. */
  #endedAt = 0
  #cutAt = 0

  constructor(isPaced: boolean, listener: LimitListener | undefined, now: number) {
    this.isPaced = isPaced
    this.#listener = listener
    this.traffic = new Traffic(now)
  }

  /** The limit; absent while the service has shown none. */
  get current(): Limit | undefined {
    return this.#limit
  }

  /** True while many requests fail for faults of their own and others succeed. */
  get isFaulty(): boolean {
    return this.#evidence.isFaulty
  }

  /** True if no connection could be made for the last bad answer. */
  get isUnreachable(): boolean {
    return this.#evidence.isUnreachable
  }

  /** Notes that there is overload, or a call that waits: a limit is not forgotten before it has gone. */
  strain(now: number): void {
    this.#strainedAt = now
  }

  /**
   * Milliseconds until the next request may go; 0 for now, `Infinity` if an answer must come first.
   *
   * @param isImpatient true for a call with `patience: 0`.
   */
  delay(underWay: number, now: number, isImpatient: boolean): number {
    if (this.#limit === undefined) return 0
    if (now - this.#strainedAt > CALM) {
      this.forget(now)
      return 0
    }
    if (isImpatient && this.#limit.isForThePatient(underWay, this.isUnreachable)) return 0
    return this.#limit.delay(underWay, now)
  }

  /** Learns from a bad answer. */
  bad(sign: LoadSign, underWay: number, waiting: Demand, now: number): void {
    const { ms, isUnreachable, hint, isThrottle } = sign
    const { isWeak, isQueued, isAlone } = this.#evidence.bad(sign, now)
    if (!this.isPaced) return
    this.strain(now)
    if (isAlone && this.#limit === undefined) return
    const limit = this.#limit ?? this.#beginByBad(ms, underWay, isQueued, hint || (isThrottle ? FIRST_GAP : 0), now)
    const needed = waiting.neededRate(now)
    const isPlain = !isWeak && !isQueued && !isThrottle && !hint
    const isFault = isWeak || (isPlain && this.#takeRefusal(limit))
    const isOld = now - ms < this.#cutAt
    limit.bad({ isUnreachable, isWeak: isFault, isThrottle, isQueued, isOld, hint, needed, now })
    this.#cutAt = now
  }

  /** Takes a plain refusal. @returns true if load is not its cause, so that it is as little a reason to hold back as a fault. */
  #takeRefusal(limit: Limit): boolean {
    this.#refusedShare?.add(true, limit)
    if (this.#refusedShare?.isOfNoLoad !== true) return false
    limit.isByCount = false
    return true
  }

  /** Learns from a good answer. */
  good(ms: number, isSlow: boolean, underWay: number, waiting: Demand, now: number): void {
    this.#evidence.good(now - ms, now)
    const limit = this.#limit
    if (limit === undefined) return this.traffic.good(ms, now) ? this.#late(ms, underWay, now) : undefined
    // A limit paces the calls that waited: without any, it is not needed.
    const isForgiven = !this.hasImpatient && this.#evidence.forgives(now - ms, waiting.size + underWay, limit.rate)
    if (waiting.size === 0 && (limit.isDown || isForgiven)) return this.forget(now)
    this.#refusedShare?.add(false, limit)
    const isFull = waiting.size > 0 || limit.isByCount || underWay + 1 >= limit.window
    limit.good({ ms, isSlow, isFull, needed: waiting.neededRate(now), now })
  }

  /** Learns from a late answer of a service without overload: it may be the first sign of it. */
  #late(ms: number, underWay: number, now: number): void {
    if (!this.isPaced || !this.traffic.isCrowded(underWay, now)) return
    this.strain(now)
    this.#begin({ window: lateWindow(underWay + 1, this.traffic.base, ms), latency: ms, isByLatency: true }, now)
  }

  /** Begins when the circuit has closed: with a share of the rate before, growing with successes. */
  restart(waiting: Demand, now: number): void {
    if (!this.isPaced) return
    // A limit paces the calls that waited: without any, it is not needed.
    if (waiting.size === 0) return this.forget(now)
    this.strain(now)
    const limit = this.#limit ?? this.#begin({ window: 0, latency: this.traffic.latency || FIRST_GAP / 10 }, now)
    limit.restart()
  }

  /** Forgets the limit, and all that answers were evidence of. */
  reset(now: number): void {
    this.#evidence = new Evidence()
    this.#refusedShare = undefined
    this.hasImpatient = false
    this.forget(now)
  }

  /** Forgets the limit. */
  forget(now: number): void {
    if (this.#limit === undefined) return
    this.traffic.resume(now)
    this.#limit = undefined
    this.#endedAt = Math.trunc(now)
    this.#listener?.limitChanged(undefined)
  }

  #beginByBad(ms: number, underWay: number, isQueued: boolean, hint: number, now: number): Limit {
    const latency = this.traffic.latency || Math.max(1, ms)
    const window = firstWindow({ latency, rate: this.traffic.rate(now), underWay, isQueued, hint })
    return this.#begin({ window, latency }, now)
  }

  #begin(start: Pick<LimitStart, 'window' | 'latency' | 'isByLatency'>, now: number): Limit {
    const { badRun, goodAt } = this.#evidence
    // The limit counts the answer that it begins with itself.
    const counted = { badRun: Math.max(0, badRun - 1), goodAt }
    if (now - this.#endedAt > KNOWN_FOR) this.#refusedShare = undefined
    this.#refusedShare ??= new RefusedShare()
    const limit = new Limit({ base: this.traffic.base, before: this.traffic.rate(now), now, ...counted, ...start })
    this.#limit = limit
    // Last, because a listener may reset the limit.
    this.#listener?.limitChanged(limit)
    return limit
  }
}
