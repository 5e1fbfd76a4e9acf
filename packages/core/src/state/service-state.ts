import type { Admission } from '../admit/admission.ts'
import type { ServiceSnapshot } from '../contract/policy.ts'
import type { ReloginCooldown } from '../session/relogin-cooldown.ts'
import type { Latencies } from './latencies.ts'
import type { ServiceName } from './service-name.ts'
import { snapshotOf } from './snapshot.ts'

/** Everything that is kept for one service at one origin. */
export interface ServiceState {
  /** `vendor origin scope`. */
  readonly id: string
  readonly admission: Admission
  readonly reloginCooldown: ReloginCooldown
  /** Kept where somebody hedges. */
  latencies?: Latencies
  /** True once it has accepted a session. */
  hasTakenSession: boolean
  usedAt: number
  /** Calls with an attempt under way, or that wait to make another. */
  activeCalls: number
}

/** Unused for this long, a service is dropped. */
const IDLE = 300_000
/** Services are looked through no more often than this. */
const SWEEP = 60_000

/** Parts of an origin that are told apart at a time: somebody may have put a whole URL in place of a part. */
const MOST_PARTS = 1_000

/** All services of a state. Idle ones are dropped when another is made, so that no timer is needed. */
export class ServiceRegistry {
  // Nested, because joining three strings and hashing the result would be the most expensive part of a look-up.
  readonly #services = new Map<string, Map<string, Map<string, ServiceState>>>()
  /** The one that was asked for last. */
  #last: { readonly name: ServiceName; readonly service: ServiceState } | undefined
  #sweptAt = 0
  /** Parts that were given a number. */
  #parts = 0

  /** The service of that name, if there is one. */
  get(name: ServiceName, now: number): ServiceState | undefined {
    const service = name === this.#last?.name ? this.#last.service : this.#find(name)
    if (service !== undefined) service.usedAt = now
    return service
  }

  #find(name: ServiceName): ServiceState | undefined {
    const { vendor, origin, scope, part } = name
    const service = this.#services
      .get(vendor)
      ?.get(origin)
      ?.get(part === '' ? scope : `${scope} ${part}`)
    if (service !== undefined) this.#last = { name, service }
    return service
  }

  /** Makes the service of that name. */
  make({ vendor, origin, scope, part }: ServiceName, make: (id: string) => ServiceState, now: number): ServiceState {
    if (now - this.#sweptAt >= SWEEP) this.#sweep(now)
    const scopes = inner(inner(this.#services, vendor), origin)
    const isOneTooMany = part !== '' && scopes.size >= MOST_PARTS
    const key = part === '' ? scope : isOneTooMany ? `${scope} ` : `${scope} ${part}`
    let service = scopes.get(key)
    if (service !== undefined) {
      service.usedAt = now
      return service
    }
    // A number, for the part may be a credential.
    const shown = part === '' ? scope : `${scope}#${isOneTooMany ? 'more' : ++this.#parts}`
    service = make(`${vendor} ${origin} ${shown}`)
    scopes.set(key, service)
    return service
  }

  get size(): number {
    return [...this.#all()].length
  }

  /** Lets the next call of a service, or of all, out at once. */
  reset(id: string | undefined, now: number): void {
    for (const { service } of this.#all()) {
      if (id !== undefined && id !== service.id) continue
      service.admission.reset(now)
      service.reloginCooldown.reset()
    }
  }

  snapshot(now: number): readonly ServiceSnapshot[] {
    return [...this.#all()].map(({ service: { id, admission } }) => ({ key: id, ...snapshotOf(admission, now) }))
  }

  *#all() {
    for (const origins of this.#services.values()) {
      for (const [origin, scopes] of origins) {
        for (const [scope, service] of scopes) yield { service, scope, scopes, origin, origins }
      }
    }
  }

  #sweep(now: number): void {
    this.#sweptAt = now
    this.#last = undefined
    for (const { service, scope, scopes, origin, origins } of this.#all()) {
      if (!isIdle(service, now)) continue
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

function isIdle({ admission, usedAt, activeCalls }: ServiceState, now: number): boolean {
  const { breaker, budget, pause, waiting } = admission
  if (activeCalls + waiting > 0 || now - usedAt < IDLE || budget?.isFull(now) === false) return false
  // One that is half-open waits for a probe that nobody makes: a host that is gone.
  return breaker?.state !== 'open' && (pause?.remaining(now) ?? 0) === 0
}
