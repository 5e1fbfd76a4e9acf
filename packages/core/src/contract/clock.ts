/** The only source of time and chance. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds since the epoch. */
  date(): number
  /** From 0 up to 1. */
  random(): number
  /** Resolves after `ms`; rejects with the reason of the first signal that aborts, at once. */
  sleep(ms: number, ...signals: readonly (AbortSignal | null | undefined)[]): Promise<void>
  /** Runs something after `ms`, unless what it returns is called before. */
  after(ms: number, run: () => void): () => void
}

/** Longest time that a timer can hold, in milliseconds: about 24 days. */
export const LONGEST_TIMER = 2 ** 31 - 1

/** Milliseconds by which mock timers have run ahead of a monotonic clock that they leave alone, as those of node:test do. */
let ahead = 0

/** Real timers fire this much early at most. */
const EARLY = 2

/** True from a time on, in monotonic milliseconds, and for who has waited until then and was woken early. */
export const isDue = (at: number, now: number): boolean => now >= at - EARLY

/**
 * Called when a timer has fired: where that was mocked and the monotonic clock was not, the clock catches up with it.
 *
 * @param until monotonic milliseconds at which it was to fire.
 * @param ms the time that it was set for.
 */
export function catchUp(until: number, ms: number): void {
  const missing = until - systemClock.now()
  // Where more is missing than was waited for, another clock has taken the place of the one that it was set by.
  if (missing <= EARLY || missing > ms + EARLY) return
  // By whole milliseconds: with a fraction, every later time would be a hair off.
  ahead += Math.ceil(missing)
}

// Looked up at each call, never kept: fake timers and instrumentation replace the globals.
export const systemClock: Clock = {
  now: () => performance.now() + ahead,
  date: () => Date.now(),
  random: () => Math.random(),
  sleep: async (ms, ...signals) => {
    const until = systemClock.now() + ms
    let timer: ReturnType<typeof setTimeout> | undefined
    const time = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
    })
    try {
      await abortable(time, ...signals)
      catchUp(until, ms)
    } finally {
      clearTimeout(timer)
    }
  },
  after: (ms, run) => {
    const until = systemClock.now() + ms
    const timer = setTimeout(() => {
      catchUp(until, ms)
      run()
    }, ms)
    return () => clearTimeout(timer)
  },
}

/** Runs something in the next turn of the event loop, when sockets have been served. */
export function nextTurn(run: () => void): void {
  if (globalThis.setImmediate === undefined) setTimeout(run, 0)
  else setImmediate(run)
}

/** Settles as the work does, or rejects with the reason of the first signal that aborts. The work itself goes on. */
export function abortable<T>(work: Promise<T>, ...signals: readonly (AbortSignal | null | undefined)[]): Promise<T> {
  const given = signals.filter((signal) => signal != null)
  const aborted = given.find((signal) => signal.aborted)
  if (aborted !== undefined) {
    work.catch(() => {})
    return Promise.reject(aborted.reason)
  }
  return new Promise((resolve, reject) => {
    const stop = (event: Event) => {
      release()
      reject((event.target as AbortSignal).reason)
    }
    const release = () => {
      for (const signal of given) signal.removeEventListener('abort', stop)
    }
    for (const signal of given) signal.addEventListener('abort', stop, { once: true })
    work.finally(release).then(resolve, reject)
  })
}

/**
 * Waits for something, but no longer than `ms`: then the answer is `undefined`.
 *
 * @throws the reason of the first signal that aborts.
 */
export async function waitAtMost<T>(
  work: Promise<T>,
  ms: number,
  ...signals: readonly (AbortSignal | null | undefined)[]
): Promise<T | undefined> {
  const timer = new AbortController()
  const time = systemClock.sleep(ms, timer.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await abortable(Promise.race([work, time]), ...signals)
  } finally {
    timer.abort()
  }
}
