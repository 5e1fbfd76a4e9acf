/** Answers of one operation whose times are kept. */
const KEPT = 100
/** Fewest answers from which a latency is computed. */
const LEAST = 20
/** Most operations that are kept: vendors name few. */
const OPERATIONS = 200

/** The recent latencies of one service, by operation, for hedges. */
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

  /** Milliseconds within which a share of the answers came; `undefined` while there are too few. */
  percentile(operation: string, share: number): number | undefined {
    const times = this.#byOperation.get(operation)
    if (times === undefined || times.length < LEAST) return undefined
    return times.toSorted((one, other) => one - other)[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]
  }
}

const known = new WeakMap<object, Latencies>()

/** The latencies of a service. They are kept apart from it, because few clients use hedges. */
export function latenciesOf(service: object): Latencies {
  const latencies = known.get(service) ?? new Latencies()
  known.set(service, latencies)
  return latencies
}
