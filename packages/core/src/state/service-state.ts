import type { Breaker } from '../admit/breaker.ts'
import type { Budget } from '../admit/budget.ts'
import type { Pause } from '../admit/pause.ts'
import type { ServiceSnapshot } from '../contract/policy.ts'
import type { ReloginCooldown } from '../session/relogin-cooldown.ts'

/** Everything that is kept for one service at one origin. */
export interface ServiceState {
  /** `vendor origin scope`. */
  readonly id: string
  readonly breaker: Breaker | undefined
  readonly budget: Budget | undefined
  readonly pause: Pause | undefined
  readonly reloginCooldown: ReloginCooldown
  /** True once it has accepted a session. */
  hasTakenSession: boolean
  usedAt: number
  /** Attempts under way, and calls that wait to make another. */
  inFlight: number
}

/** Unused for this long, a key is dropped. */
const IDLE = 300_000
/** Keys are looked through no more often than this. */
const SWEEP = 60_000

/** The parts of a key. */
export interface ServiceName {
  readonly vendor: string
  readonly origin: string
  readonly scope: string
}

/** All keys of a state. Idle ones are dropped when another is made, so that no timer is needed. */
export class ServiceRegistry {
  // Nested, because joining three strings and hashing the result would be the most expensive part of a look-up.
  readonly #keys = new Map<string, Map<string, Map<string, ServiceState>>>()
  #sweptAt = 0

  /** The key of that name, made if need be. */
  get({ vendor, origin, scope }: ServiceName, make: (id: string) => ServiceState, now: number): ServiceState {
    let key = this.#keys.get(vendor)?.get(origin)?.get(scope)
    if (key === undefined) {
      if (now - this.#sweptAt >= SWEEP) this.#sweep(now)
      key = make(`${vendor} ${origin} ${scope}`)
      const scopes = inner(inner(this.#keys, vendor), origin)
      scopes.set(scope, key)
    }
    key.usedAt = now
    return key
  }

  get size(): number {
    return [...this.#all()].length
  }

  /** Lets the next call of a key, or of all, out at once. */
  reset(id: string | undefined, now: number): void {
    for (const { key } of this.#all()) {
      if (id !== undefined && id !== key.id) continue
      key.breaker?.reset()
      key.budget?.fill(now)
      key.pause?.end()
      key.reloginCooldown.reset()
    }
  }

  snapshot(now: number): readonly ServiceSnapshot[] {
    return [...this.#all()].map(({ key: { id, breaker, budget, pause } }) => ({
      key: id,
      circuit: breaker?.state ?? 'closed',
      budget: budget?.tokens(now) ?? Number.POSITIVE_INFINITY,
      pausedFor: pause?.remaining(now) ?? 0,
    }))
  }

  *#all() {
    for (const origins of this.#keys.values()) {
      for (const [origin, scopes] of origins) {
        for (const [scope, key] of scopes) yield { key, scope, scopes, origin, origins }
      }
    }
  }

  #sweep(now: number): void {
    this.#sweptAt = now
    for (const { key, scope, scopes, origin, origins } of this.#all()) {
      if (!isIdle(key, now)) continue
      scopes.delete(scope)
      if (scopes.size === 0) origins.delete(origin)
    }
  }
}

function inner<V>(outer: Map<string, Map<string, V>>, name: string): Map<string, V> {
  let found = outer.get(name)
  if (found === undefined) {
    found = new Map()
    outer.set(name, found)
  }
  return found
}

function isIdle({ breaker, budget, pause, usedAt, inFlight }: ServiceState, now: number): boolean {
  if (inFlight > 0 || now - usedAt < IDLE || budget?.isFull(now) === false) return false
  // One that is half-open waits for a probe that nobody makes: a host that is gone.
  return breaker?.state !== 'open' && (pause === undefined || (pause.isIdle && pause.remaining(now) === 0))
}
