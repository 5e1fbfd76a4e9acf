import { checkSettings, duration } from '@holdfast/testing/simulator-kit'

/** The time at a server. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Advances it. */
  advance(ms: number): void
}

/** Follows `source`, which fake timers may change, and can be advanced, too. */
export function createClock(source: () => number = () => Date.now()): Clock {
  let ahead = 0
  return {
    now: () => source() + ahead,
    advance(ms) {
      checkSettings('clock', { ms }, { ms: duration }, ['ms'])
      ahead += ms
    },
  }
}
