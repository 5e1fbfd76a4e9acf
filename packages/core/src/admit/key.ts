import type { KeySnapshot } from '../contract/policy.ts'
import type { Breaker } from './breaker.ts'
import type { Budget } from './budget.ts'
import type { Pause } from './pause.ts'

/** What is kept for one service at one origin. */
export interface Key {
  /** `vendor origin scope`. */
  readonly id: string
  readonly breaker: Breaker | undefined
  readonly budget: Budget | undefined
  readonly pause: Pause | undefined
  usedAt: number
  /** Attempts under way. */
  active: number
}

/** Unused for this long, a key is dropped. */
const IDLE = 300_000
/** Keys are looked through no more often than this. */
const SWEEP = 60_000

/** All keys of a state. Idle ones are dropped when another is looked up, so that no timer is needed. */
export class Keys {
  readonly #keys = new Map<string, Key>()
  #sweptAt = 0

  /** The key of that name, made if need be. */
  get(id: string, make: (id: string) => Key, now: number): Key {
    let key = this.#keys.get(id)
    if (key === undefined) {
      if (now - this.#sweptAt >= SWEEP) this.#sweep(now)
      key = make(id)
      this.#keys.set(id, key)
    }
    key.usedAt = now
    return key
  }

  snapshot(now: number): readonly KeySnapshot[] {
    return [...this.#keys.values()].map(({ id, breaker, budget, pause }) => ({
      key: id,
      circuit: breaker?.state ?? 'closed',
      budget: budget?.tokens(now) ?? Number.POSITIVE_INFINITY,
      pausedFor: pause?.left(now) ?? 0,
    }))
  }

  #sweep(now: number): void {
    this.#sweptAt = now
    for (const [id, key] of this.#keys) if (isIdle(key, now)) this.#keys.delete(id)
  }
}

function isIdle({ breaker, pause, usedAt, active }: Key, now: number): boolean {
  if (active > 0 || now - usedAt < IDLE) return false
  return (breaker?.state ?? 'closed') === 'closed' && (pause === undefined || (pause.isIdle && pause.left(now) === 0))
}
