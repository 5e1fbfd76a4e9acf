/** The time at a server. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Turns it forward. */
  advance(ms: number): void
}

/** Follows `source`, which fake timers may move, and can be turned forward besides. */
export function createClock(source: () => number = () => Date.now()): Clock {
  let ahead = 0
  return {
    now: () => source() + ahead,
    advance(ms) {
      ahead += ms
    },
  }
}
