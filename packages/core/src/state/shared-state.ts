import { systemClock } from '../contract/clock.ts'
import type { Observer, ResilienceEvent } from '../contract/event.ts'
import type { ServiceSnapshot, SessionSnapshot, State, StateSize } from '../contract/policy.ts'
import type { Vendor } from '../contract/vendor.ts'
import { EndpointSet } from '../endpoints/endpoint-set.ts'
import type { ServiceName } from './service-name.ts'
import { ServiceRegistry } from './service-registry.ts'
import { ServiceState } from './service-state.ts'
import { SessionRegistry } from './session-registry.ts'
import type { StateOptions } from './state-options.ts'
import { tell } from './tell.ts'

/** Lists of observers from which on those of collected clients are searched for. */
const SWEEP_FROM = 64

/** Breakers, budgets, pauses and sessions, and the observers of their changes. */
export class SharedState implements State {
  readonly #services = new ServiceRegistry()
  /** Sessions, and the clients that use them. */
  readonly registry = new SessionRegistry()
  #endpoints = new WeakMap<Vendor, EndpointSet>()
  /** The observers of the clients that use this state. A list is collected with its client. */
  readonly #observerLists = new Set<WeakRef<readonly Observer[]>>()
  #sweepAt = SWEEP_FROM

  service(name: ServiceName, options: StateOptions, now: number): ServiceState {
    return this.#services.get(name, now) ?? this.#addService(name, options, now)
  }

  #addService(name: ServiceName, options: StateOptions, now: number): ServiceState {
    return this.#services.make(name, (kept) => new ServiceState(kept, options, this, now), now)
  }

  /** The endpoints of a vendor's service; absent for a vendor whose origins are not one service. */
  endpointsOf(vendor: Vendor): EndpointSet | undefined {
    const known = this.#endpoints.get(vendor)
    const [first, ...others] = vendor.endpoints ?? []
    if (known !== undefined || first === undefined) return known
    const endpoints = new EndpointSet([first, ...others], (left) => this.#services.move(vendor.name, left))
    this.#endpoints.set(vendor, endpoints)
    return endpoints
  }

  /** An empty state with the same endpoints, for calls that are never sent. */
  detached(): SharedState {
    const other = new SharedState()
    other.#endpoints = this.#endpoints
    return other
  }

  /** Adds a client's observers of services and sessions. The client holds the list, which lives as long as the client. */
  addObservers(observers: readonly Observer[]): void {
    if (observers.length === 0) return
    // Searched whenever the number of lists has doubled: a client for each request would leave its list behind.
    if (this.#observerLists.size >= this.#sweepAt) {
      this.#dropGoneObservers()
      this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#observerLists.size)
    }
    this.#observerLists.add(new WeakRef(observers))
  }

  /** Sends an event to the observers of every client. */
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

  sessions(): readonly SessionSnapshot[] {
    const now = systemClock.now()
    return this.registry.all().map((cache) => cache.snapshot(now))
  }

  get size(): StateSize {
    return { services: this.#services.size, sessions: this.registry.all().length, observers: this.#observerLists.size }
  }

  reset(key?: string): void {
    const now = systemClock.now()
    this.#services.reset(key, now)
    for (const cache of this.registry.all()) if (key === undefined || cache.snapshot(now).key === key) cache.reset()
  }

  #dropGoneObservers(): void {
    for (const list of this.#observerLists) if (list.deref() === undefined) this.#observerLists.delete(list)
  }
}

/** Calls observers with an event. What one throws, or rejects with, is ignored. */
export function notify(observers: Iterable<Observer>, event: ResilienceEvent): void {
  // Its verdict and its decision were frozen when they were made, which costs less than to find them in each event.
  Object.freeze(event)
  for (const observer of observers) tell(observer, event)
}

/** Makes a state for several clients, which then share breakers, budgets, pauses and sessions. */
export function createState(): State {
  return new SharedState()
}
