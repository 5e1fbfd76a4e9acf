import type { Admission } from '../admit/admission.ts'
import type { ServiceSnapshot } from '../contract/policy.ts'
import type { ServiceName } from './service-name.ts'
import type { KeptName, ServiceState } from './service-state.ts'

/** Milliseconds without use after which a service is dropped. */
const IDLE = 300_000
/** Fewest milliseconds between two searches for unused services. */
const SWEEP = 60_000

/** Most parts of an origin that are kept: a user's function may return whole URLs. */
const MOST_PARTS = 1_000

/** The services of an origin by scope and part. Most origins have only one service, which needs no map. */
type Scopes = ServiceState | Map<string, ServiceState>

/** All services of a state. Idle ones are dropped when another is made, so that no timer is needed. */
export class ServiceRegistry {
  // Nested, because joining three strings and hashing the result would be the most expensive part of a look-up.
  readonly #services = new Map<string, Map<string, Scopes>>()
  /** The service that was used last. */
  #last: { readonly name: ServiceName; readonly service: ServiceState } | undefined
  #sweptAt = 0
  /** The number of parts so far. */
  #parts = 0

  /** The service of that name, if there is one. */
  get(name: ServiceName, now: number): ServiceState | undefined {
    const service = name === this.#last?.name ? this.#last.service : this.#find(name)
    service?.use(now)
    return service
  }

  #find(name: ServiceName): ServiceState | undefined {
    const { vendor, origin, scope, part } = name
    const scopes = this.#services.get(vendor)?.get(origin)
    const service = scopes && serviceIn(scopes, part === '' ? scope : `${scope} ${part}`)
    if (service !== undefined) this.#last = { name, service }
    return service
  }

  /** Makes the service of that name. */
  make(
    { vendor, origin, scope, part }: ServiceName,
    make: (name: KeptName) => ServiceState,
    now: number,
  ): ServiceState {
    if (now - this.#sweptAt >= SWEEP) this.#sweep(now)
    let origins = this.#services.get(vendor)
    if (origins === undefined) {
      origins = new Map()
      this.#services.set(vendor, origins)
    }
    const scopes = origins.get(origin)
    const isOneTooMany = part !== '' && scopes instanceof Map && scopes.size >= MOST_PARTS
    const key = part === '' ? scope : isOneTooMany ? `${scope} ` : `${scope} ${part}`
    const known = scopes && serviceIn(scopes, key)
    if (known !== undefined) {
      known.use(now)
      return known
    }
    // A number, because the part may be a credential.
    const shown = part === '' ? scope : `${scope}#${isOneTooMany ? 'more' : ++this.#parts}`
    const service = make({ vendor, origin, shown })
    if (scopes instanceof Map) scopes.set(key, service)
    else if (scopes === undefined && part === '') origins.set(origin, service)
    else origins.set(origin, new Map(scopes && [[scopes.shown, scopes]]).set(key, service))
    return service
  }

  get size(): number {
    return this.#all().length
  }

  /** Resets a service, or all, so that the next call goes at once. */
  reset(id: string | undefined, now: number): void {
    for (const service of this.#all()) {
      if (id !== undefined && id !== service.id) continue
      service.admission.reset(now)
      service.reloginCooldown.reset()
    }
  }

  /** Ends the waits for a vendor's services at an origin, so that each call looks up the active endpoint again. */
  move(vendor: string, origin: string): void {
    const scopes = this.#services.get(vendor)?.get(origin)
    for (const { admission } of scopes === undefined ? [] : servicesOf(scopes)) admission.move()
  }

  snapshot(now: number): readonly ServiceSnapshot[] {
    return this.#all().map(({ id, admission }) => ({ key: id, ...snapshotOf(admission, now) }))
  }

  #all(): readonly ServiceState[] {
    return [...this.#services.values()].flatMap((origins) => [...origins.values()].flatMap(servicesOf))
  }

  #sweep(now: number): void {
    this.#sweptAt = now
    this.#last = undefined
    for (const origins of this.#services.values()) {
      for (const [origin, scopes] of origins) {
        if (isForgotten(scopes, now)) origins.delete(origin)
      }
    }
  }
}

const serviceIn = (scopes: Scopes, key: string): ServiceState | undefined =>
  scopes instanceof Map ? scopes.get(key) : scopes.shown === key ? scopes : undefined

/** Drops services that were not used for long. True if none is left. */
function isForgotten(scopes: Scopes, now: number): boolean {
  if (!(scopes instanceof Map)) return isIdle(scopes, now)
  for (const [key, service] of scopes) if (isIdle(service, now)) scopes.delete(key)
  return scopes.size === 0
}

const servicesOf = (scopes: Scopes): readonly ServiceState[] =>
  scopes instanceof Map ? [...scopes.values()] : [scopes]

function isIdle({ admission, usedAt, activeCalls }: ServiceState, now: number): boolean {
  const { breaker, budget, pause, waiting } = admission
  if (activeCalls + waiting > 0 || now - usedAt < IDLE || budget?.isFull(now) === false) return false
  // Also one whose circuit is half-open: nobody sends the probe, because the host no longer exists.
  return breaker?.state !== 'open' && (pause?.remaining(now) ?? 0) === 0
}

/** The present state of a key, as a client's state shows it. */
export function snapshotOf(
  { breaker, budget, pause, waiting, gate: { limit, underWay, remaining } }: Admission,
  now: number,
) {
  return {
    circuit: breaker?.state ?? 'closed',
    budget: budget?.tokens(now) ?? Number.POSITIVE_INFINITY,
    pausedFor: Math.ceil(pause?.remaining(now) ?? 0),
    waiting,
    underWay,
    limit: limit?.window ?? Number.POSITIVE_INFINITY,
    remaining,
    rate: limit?.rate ?? Number.POSITIVE_INFINITY,
  } as const
}
