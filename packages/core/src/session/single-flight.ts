/** One piece of work that any number of callers wait for. */
export interface Flight<T> {
  waiting: number
  readonly controller: AbortController
  readonly result: Promise<T>
}

/** Waits for the work. A caller that gives up leaves alone; when the last one has left, the work is aborted. */
export function joinFlight<T>(
  flight: Flight<T>,
  signal: AbortSignal | null | undefined,
  onAbandoned: () => void,
): Promise<T> {
  flight.waiting++
  return new Promise((resolve, reject) => {
    const done = () => signal?.removeEventListener('abort', abort)
    const abort = () => {
      done()
      reject(signal?.reason)
      if (--flight.waiting > 0) return
      onAbandoned()
      flight.controller.abort(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    flight.result.finally(done).then(resolve, reject)
  })
}
