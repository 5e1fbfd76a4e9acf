import type { Permit } from '../permit.ts'

/** Most milliseconds after which to ask again for a place: most probes end long before their place is given to another. */
const SOON = 1_000

/** The places of the probes of a half-open circuit. A probe without an answer loses its place after a time. */
export class ProbeLeases {
  readonly #leases = new Set<Permit>()
  readonly #places: number

  constructor(places: number) {
    this.#places = places
  }

  /** Milliseconds after which to ask for a place, if `succeeded` probes have succeeded; 0 for now. */
  delay(succeeded: number, now: number): number {
    const ends = [...this.#leases].map(({ until = 0 }) => until).filter((until) => until > now)
    if (ends.length + succeeded < this.#places) return 0
    return Math.min(SOON, Math.max(1, Math.min(...ends) - now))
  }

  /** Takes a place, and keeps it for `ms` milliseconds if no answer comes. */
  take(epoch: number, ms: number, now: number): Permit {
    for (const lease of this.#leases) if ((lease.until ?? 0) <= now) this.#leases.delete(lease)
    const permit = { epoch, until: now + ms }
    this.#leases.add(permit)
    return permit
  }

  giveBack(permit: Permit): void {
    this.#leases.delete(permit)
  }

  clear(): void {
    this.#leases.clear()
  }
}
