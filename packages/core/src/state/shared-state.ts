import { Breaker } from '../admit/breaker.ts'
import { Budget } from '../admit/budget.ts'
import { Pause } from '../admit/pause.ts'
import { systemClock } from '../contract/clock.ts'
import type { Observer, OpeningCause, ResilienceEvent } from '../contract/event.ts'
import type { BreakerOptions, BudgetOptions, PauseOptions, ServiceSnapshot, State } from '../contract/policy.ts'
import type { SessionSource } from '../contract/session.ts'
import type { Vendor } from '../contract/vendor.ts'
import { EndpointSet } from '../endpoints/endpoint-set.ts'
import { withDefaultOptions } from '../options/filled.ts'
import { BREAKER, BUDGET, PAUSE } from '../options/options.ts'
import { ReloginCooldown } from '../session/relogin-cooldown.ts'
import type { SessionCache } from '../session/session-cache.ts'
import { type ServiceName, ServiceRegistry, type ServiceState } from './service-state.ts'

/** The options of the guards of each service. */
export interface StateOptions {
  readonly breaker?: BreakerOptions | false | undefined
  readonly budget?: BudgetOptions | false | undefined
  readonly pause?: PauseOptions | false | undefined
}

/** Breakers, budgets, pauses and sessions, and who is told of them. */
export class SharedState implements State {
  readonly #services = new ServiceRegistry()
  readonly #sessionCaches = new Map<SessionSource, Map<string, SessionCache>>()
  readonly #clients = new WeakMap<SessionSource, readonly WeakRef<object>[]>()
  readonly #closedUpTo = new WeakMap<SessionSource, number>()
  readonly #endpoints = new Map<Vendor, EndpointSet>()
  /** The clients that use this state. A client that is gone hears nothing more, and holds nothing. */
  readonly #observerLists = new Set<WeakRef<readonly Observer[]>>()

  service(name: ServiceName, options: StateOptions, now: number): ServiceState {
    return this.#services.get(name, (id) => this.#makeService(id, options, now), now)
  }

  sessionCache(source: SessionSource, origin: string, make: () => SessionCache): SessionCache {
    let byOrigin = this.#sessionCaches.get(source)
    if (byOrigin === undefined) {
      byOrigin = new Map()
      this.#sessionCaches.set(source, byOrigin)
    }
    let slot = byOrigin.get(origin)
    if (slot === undefined) {
      slot = make()
      byOrigin.set(origin, slot)
    }
    return slot
  }

  /** The endpoints of a vendor's service; absent for a vendor whose origins are not one service. */
  endpointsOf(vendor: Vendor): EndpointSet | undefined {
    const known = this.#endpoints.get(vendor)
    const [first, ...others] = vendor.endpoints ?? []
    if (known !== undefined || first === undefined) return known
    const endpoints = new EndpointSet([first, ...others])
    this.#endpoints.set(vendor, endpoints)
    return endpoints
  }

  /** A state with nothing in it that knows the same endpoints, for what is only asked about. */
  detached(): SharedState {
    const other = new SharedState()
    for (const [vendor, endpoints] of this.#endpoints) other.#endpoints.set(vendor, endpoints)
    return other
  }

  sessionCachesOf(source: SessionSource): readonly SessionCache[] {
    return [...(this.#sessionCaches.get(source)?.values() ?? [])]
  }

  /** A client uses the sessions of a source, until it closes or is gone. */
  addClient(source: SessionSource, client: object): void {
    this.#clients.set(source, [...this.#clientsOf(source), new WeakRef(client)])
  }

  /** Ends the sessions of a source, unless another client still uses them. Calls up to that number open no other. */
  async close(source: SessionSource, client: object, upTo: number, signal: () => AbortSignal): Promise<void> {
    const others = this.#clientsOf(source).filter((user) => user.deref() !== client)
    this.#clients.set(source, others)
    if (others.length > 0) return
    this.#closedUpTo.set(source, upTo)
    await Promise.all(this.sessionCachesOf(source).map((slot) => slot.close(signal())))
  }

  #clientsOf(source: SessionSource): readonly WeakRef<object>[] {
    return (this.#clients.get(source) ?? []).filter((user) => user.deref() !== undefined)
  }

  /** The number of the last call that was made before the sessions of a source were ended. */
  closedUpTo(source: SessionSource): number {
    return this.#closedUpTo.get(source) ?? 0
  }

  /** Tells a client's observers of what befalls keys and sessions. The list is the client's own, and lives as long as it. */
  addObservers(observers: readonly Observer[]): void {
    if (observers.length > 0) this.#observerLists.add(new WeakRef(observers))
  }

  /** Tells the observers of every client of what concerns them all. */
  emit(event: ResilienceEvent): void {
    const everybody = new Set<Observer>()
    for (const audience of this.#observerLists) {
      const observers = audience.deref()
      if (observers === undefined) this.#observerLists.delete(audience)
      else for (const observer of observers) everybody.add(observer)
    }
    notify(everybody, event)
  }

  snapshot(): readonly ServiceSnapshot[] {
    return this.#services.snapshot(systemClock.now())
  }

  #makeService(id: string, { breaker, budget, pause }: StateOptions, now: number): ServiceState {
    const circuit = {
      opened: (openTime: number, cause: OpeningCause) =>
        this.emit({ type: 'circuit-opened', key: id, openTime, cause }),
      halfOpened: () => this.emit({ type: 'circuit-half-opened', key: id }),
      closed: () => this.emit({ type: 'circuit-closed', key: id }),
    }
    return {
      id,
      breaker: breaker === false ? undefined : new Breaker(id, withDefaultOptions(BREAKER, breaker), circuit, now),
      budget: budget === false ? undefined : new Budget(withDefaultOptions(BUDGET, budget), now),
      pause: pause === false ? undefined : new Pause(withDefaultOptions(PAUSE, pause)),
      reloginCooldown: new ReloginCooldown(),
      usedAt: now,
      inFlight: 0,
    }
  }
}

/** Tells observers of an event; what one throws, or rejects with, is ignored. */
export function notify(observers: Iterable<Observer>, event: ResilienceEvent): void {
  // Through and through: the decision in it is the very one that is acted upon.
  for (const member of Object.values(event)) Object.freeze(member)
  Object.freeze(event)
  for (const observer of observers) {
    try {
      const answer = observer(event) as unknown
      if (answer instanceof Promise) answer.catch(() => {})
    } catch {
      // An observer can never break a call.
    }
  }
}

/** Makes a state to be given to several clients, so that they share breakers, budgets, pauses and sessions. */
export function createState(): State {
  return new SharedState()
}
