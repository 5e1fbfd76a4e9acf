/** Answers whose times are kept of one operation. */
const KEPT = 100
/** Answers below which nothing is said of them. */
const LEAST = 20
/** Operations that are kept: vendors name few. */
const OPERATIONS = 200

/** The times that the answers of one service have taken recently, by operation. Kept where somebody hedges. */
class Latencies {
  readonly #byOperation = new Map<string, number[]>()

  add(operation: string, ms: number): void {
    const times = this.#byOperation.get(operation) ?? []
    if (times.length === 0) {
      if (this.#byOperation.size >= OPERATIONS) this.#byOperation.clear()
      this.#byOperation.set(operation, times)
    }
    times.push(ms)
    if (times.length > KEPT) times.shift()
  }

  /** Milliseconds within which that share of the answers came; `undefined` while there are too few. */
  percentile(operation: string, share: number): number | undefined {
    const times = this.#byOperation.get(operation)
    if (times === undefined || times.length < LEAST) return undefined
    return times.toSorted((one, other) => one - other)[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]
  }
}

const known = new WeakMap<object, Latencies>()

/** The latencies of a service: kept beside it, for few hedge. */
export function latenciesOf(service: object): Latencies {
  const latencies = known.get(service) ?? new Latencies()
  known.set(service, latencies)
  return latencies
}
