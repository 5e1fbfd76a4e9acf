import { Breaker } from './admit/breaker.ts'
import { Budget } from './admit/budget.ts'
import { FreshRefusals } from './admit/fresh-refusals.ts'
import { type Key, type KeyName, Keys } from './admit/key.ts'
import { Pause } from './admit/pause.ts'
import { systemClock } from './contract/clock.ts'
import type { Observer, OpeningCause, ResilienceEvent } from './contract/event.ts'
import type { BreakerOptions, BudgetOptions, KeySnapshot, PauseOptions, State } from './contract/policy.ts'
import type { SessionSource } from './contract/session.ts'
import type { Vendor } from './contract/vendor.ts'
import { filled } from './options/filled.ts'
import { BREAKER, BUDGET, PAUSE } from './options/options.ts'
import type { SessionSlot } from './session/slot.ts'
import { Peers } from './trust/peers.ts'

/** How the keys of a state are made. */
export interface StateOptions {
  readonly breaker?: BreakerOptions | false | undefined
  readonly budget?: BudgetOptions | false | undefined
  readonly pause?: PauseOptions | false | undefined
}

/** Breakers, budgets, pauses and sessions, and who is told of them. */
export class LiveState implements State {
  readonly #keys = new Keys()
  readonly #slots = new Map<SessionSource, Map<string, SessionSlot>>()
  readonly #users = new WeakMap<SessionSource, readonly WeakRef<object>[]>()
  readonly #closedUpTo = new WeakMap<SessionSource, number>()
  readonly #peers = new Map<Vendor, Peers>()
  /** The clients that use this state. A client that is gone hears nothing more, and holds nothing. */
  readonly #audiences = new Set<WeakRef<readonly Observer[]>>()

  key(name: KeyName, options: StateOptions, now: number): Key {
    return this.#keys.get(name, (id) => this.#makeKey(id, options, now), now)
  }

  slot(source: SessionSource, origin: string, make: () => SessionSlot): SessionSlot {
    let byOrigin = this.#slots.get(source)
    if (byOrigin === undefined) {
      byOrigin = new Map()
      this.#slots.set(source, byOrigin)
    }
    let slot = byOrigin.get(origin)
    if (slot === undefined) {
      slot = make()
      byOrigin.set(origin, slot)
    }
    return slot
  }

  /** The doors of a vendor's service; absent for a vendor whose origins are not one service. */
  peersOf(vendor: Vendor): Peers | undefined {
    const known = this.#peers.get(vendor)
    const [first, ...others] = vendor.peers ?? []
    if (known !== undefined || first === undefined) return known
    const peers = new Peers([first, ...others])
    this.#peers.set(vendor, peers)
    return peers
  }

  /** A state with nothing in it that knows the same doors, for what is only asked about. */
  aside(): LiveState {
    const other = new LiveState()
    for (const [vendor, peers] of this.#peers) other.#peers.set(vendor, peers)
    return other
  }

  slotsOf(source: SessionSource): readonly SessionSlot[] {
    return [...(this.#slots.get(source)?.values() ?? [])]
  }

  /** A client uses the sessions of a source, until it closes or is gone. */
  enter(source: SessionSource, client: object): void {
    this.#users.set(source, [...this.#usersOf(source), new WeakRef(client)])
  }

  /** Ends the sessions of a source, unless another client still uses them. Calls up to that number open no other. */
  async close(source: SessionSource, client: object, upTo: number, signal: () => AbortSignal): Promise<void> {
    const others = this.#usersOf(source).filter((user) => user.deref() !== client)
    this.#users.set(source, others)
    if (others.length > 0) return
    this.#closedUpTo.set(source, upTo)
    await Promise.all(this.slotsOf(source).map((slot) => slot.close(signal())))
  }

  #usersOf(source: SessionSource): readonly WeakRef<object>[] {
    return (this.#users.get(source) ?? []).filter((user) => user.deref() !== undefined)
  }

  /** The number of the last call that was made before the sessions of a source were ended. */
  closedUpTo(source: SessionSource): number {
    return this.#closedUpTo.get(source) ?? 0
  }

  /** Tells a client's observers of what befalls keys and sessions. The list is the client's own, and lives as long as it. */
  addAudience(observers: readonly Observer[]): void {
    if (observers.length > 0) this.#audiences.add(new WeakRef(observers))
  }

  /** Tells the observers of every client of what concerns them all. */
  emit(event: ResilienceEvent): void {
    const everybody = new Set<Observer>()
    for (const audience of this.#audiences) {
      const observers = audience.deref()
      if (observers === undefined) this.#audiences.delete(audience)
      else for (const observer of observers) everybody.add(observer)
    }
    tell(everybody, event)
  }

  snapshot(): readonly KeySnapshot[] {
    return this.#keys.snapshot(systemClock.now())
  }

  #makeKey(id: string, { breaker, budget, pause }: StateOptions, now: number): Key {
    const circuit = {
      opened: (openTime: number, cause: OpeningCause) =>
        this.emit({ type: 'circuit-opened', key: id, openTime, cause }),
      halfOpened: () => this.emit({ type: 'circuit-half-opened', key: id }),
      closed: () => this.emit({ type: 'circuit-closed', key: id }),
    }
    return {
      id,
      breaker: breaker === false ? undefined : new Breaker(id, filled(BREAKER, breaker), circuit, now),
      budget: budget === false ? undefined : new Budget(filled(BUDGET, budget), now),
      pause: pause === false ? undefined : new Pause(filled(PAUSE, pause)),
      freshRefusals: new FreshRefusals(),
      usedAt: now,
      active: 0,
    }
  }
}

/** Tells observers of an event; what one throws, or rejects with, is ignored. */
export function tell(observers: Iterable<Observer>, event: ResilienceEvent): void {
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
  return new LiveState()
}
