/** The only source of time and chance. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds since the epoch. */
  date(): number
  /** From 0 up to 1. */
  random(): number
  /** Resolves after `ms`; rejects with the signal's own reason, at once, when it aborts. */
  sleep(ms: number, signal?: AbortSignal | null): Promise<void>
}

/** Longest time that a timer can hold, in milliseconds: about 24 days. */
export const LONGEST_TIMER = 2 ** 31 - 1

// Looked up at each call, never kept: fake timers and instrumentation replace the globals.
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}
