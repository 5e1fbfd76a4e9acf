import type { WaitReason } from '../contract/decision.ts'
import { Bounds } from './bounds/bounds.ts'
import type { Breaker } from './breaker.ts'
import { Limit } from './limit.ts'
import type { Pause } from './pause.ts'
import { type Permit, UNGUARDED } from './permit.ts'
import { Traffic } from './traffic.ts'

/** Milliseconds without overload and without anybody who waits, after which a limit is forgotten. */
const CALM = 10_000
/** Requests in flight with which a limit begins at least: one bad answer alone holds nothing back. */
const LEAST = 2
/** Milliseconds between the first requests to a service of which nothing is known. */
const FIRST_GAP = 1_000

/** The reason why nothing may go now. */
export interface Block {
  readonly reason: WaitReason
  /** Milliseconds after which to ask again; `Infinity` where an answer must come first. */
  readonly ms: number
  /** Milliseconds for which surely nothing goes. */
  readonly known: number
}

/** Word of one answer on the load of the service. */
export interface LoadSign {
  readonly load: 'good' | 'bad' | 'none'
  readonly ms: number
  /** True where it came so slowly that more requests would not be wise. */
  readonly isSlow: boolean
  /** True where no connection was to be had, so that nothing was asked of the service. */
  readonly isAbsent: boolean
  /** The server's word on when to come again, in milliseconds; 0 or absent for none. */
  readonly hint: number | undefined
  /** True for a throttle, which counts by the second where it does not say when to come again, as most do. */
  readonly isThrottle: boolean
}

/** The parts of the gate that the user may turn off. */
export interface Guards {
  readonly breaker: Breaker | undefined
  readonly pause: Pause | undefined
  readonly hasLimit: boolean
  /** Attempts under way at most. @default any number */
  readonly concurrency?: number | undefined
}

/** Pause, circuit and limit of one key: what lets a request go, or not yet. */
export class Gate {
  readonly #guards: Guards
  /** The service's own word on its rate limit, and the user's number. */
  readonly bounds: Bounds
  readonly #traffic: Traffic
  #limit: Limit | undefined
  #underWay = 0
  /** Time of the last sign of overload, or at which calls waited last. */
  #strainedAt = 0
  #cutAt = Number.NEGATIVE_INFINITY

  constructor(guards: Guards, now: number) {
    this.#guards = guards
    this.bounds = new Bounds(guards.concurrency ?? Number.POSITIVE_INFINITY)
    this.#traffic = new Traffic(now)
  }

  get underWay(): number {
    return this.#underWay
  }

  /** True where a limit begins with the first sign of overload. */
  get isPaced(): boolean {
    return this.#guards.hasLimit
  }

  /** The limit that was learned; absent while the service has shown none. */
  get limit(): Limit | undefined {
    return this.#limit
  }

  /**
   * The reason why nothing may go now; `undefined` where the next may.
   *
   * @param isWaitedFor true while calls wait: a limit is not forgotten before they have gone.
   */
  block(now: number, isWaitedFor: boolean): Block | undefined {
    const { breaker, pause } = this.#guards
    if (isWaitedFor) this.#strainedAt = now
    const paused = pause?.remaining(now) ?? 0
    if (paused > 0) return { reason: 'paused', ms: paused, known: paused }
    const open = breaker?.admissionDelay(now) ?? 0
    if (open > 0) return { reason: 'circuit-open', ms: open, known: breaker?.probeDelay(now) ?? 0 }
    const hold = this.bounds.hold(this.#underWay, now)
    if (hold !== undefined) return { reason: 'limited', ...hold }
    if (this.#limit === undefined) return undefined
    if (now - this.#strainedAt > CALM) {
      this.#limit = undefined
      return undefined
    }
    const ms = this.#limit.delay(this.#underWay, now)
    return ms === 0 ? undefined : { reason: 'limited', ms, known: 0 }
  }

  /** Lets one go, where nothing blocks it. */
  take(now: number, random: () => number): Permit {
    const { breaker, pause } = this.#guards
    pause?.claim(now)
    this.#underWay++
    this.bounds.take()
    this.#limit?.start(now, random())
    const permit = breaker?.admit(now)
    return typeof permit === 'object' ? permit : UNGUARDED
  }

  /** Gives a permit back. */
  leave(): void {
    this.#underWay--
  }

  /** Takes a permit back, and learns from an answer that was not good. */
  learn({ load, ms, isAbsent, hint, isThrottle }: LoadSign, now: number): void {
    this.leave()
    if (load !== 'bad' || !this.#guards.hasLimit) return
    this.#strainedAt = now
    this.#limit ??= this.#firstLimit(ms, hint || (isThrottle ? FIRST_GAP : 0), now)
    this.#limit.bad({ isAbsent, isOld: now - ms < this.#cutAt, hint })
    this.#cutAt = now
  }

  /** Takes a permit back, and learns from a good answer. */
  learnGood(ms: number, isSlow: boolean, waiting: number, now: number): void {
    this.leave()
    if (this.#limit === undefined) this.#traffic.good(ms, now)
    else this.#limit.good(ms, !isSlow && (waiting > 0 || this.#underWay + 1 >= this.#limit.window), waiting)
  }

  /** Begins with a share of what the service took before, and grows with successes: the circuit has just closed. */
  restart(now: number): void {
    if (!this.#guards.hasLimit) return
    this.#strainedAt = now
    this.#limit ??= this.#limitOf(0, this.#traffic.latency || FIRST_GAP / 10, now)
    this.#limit.restart()
  }

  /** Forgets the limit. */
  reset(): void {
    this.bounds.reset()
    this.#limit = undefined
  }

  #firstLimit(ms: number, hint: number, now: number): Limit {
    const latency = this.#traffic.latency || Math.max(1, ms)
    // Of a service that says when to come again, and of which nothing else is known, that is the pace to begin with.
    const isPace = hint > 0 && this.#traffic.rate(now) === 0
    const window = isPace ? (2 * latency) / Math.min(hint, FIRST_GAP) : Math.max(LEAST, this.#underWay + 1)
    return this.#limitOf(window, latency, now)
  }

  #limitOf(window: number, latency: number, now: number): Limit {
    return new Limit({ window, latency, before: this.#traffic.rate(now) })
  }
}
