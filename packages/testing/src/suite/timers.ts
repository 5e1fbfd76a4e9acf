import type { Timers } from './options.ts'

/** The fake-timer functions that vitest's `vi` and jest's `jest` share. */
interface FakeTimersOwner {
  useFakeTimers(): unknown
  advanceTimersByTimeAsync(ms: number): Promise<unknown>
  useRealTimers(): unknown
}

/**
 * Fake time for `vendorSuite`.
 *
 * @example
 * import { vi } from 'vitest'
 * vendorSuite({ describe, test, expect }, { vendor, documented, wire, timers: fakeTimers(vi) })
 */
export function fakeTimers(owner: FakeTimersOwner): Timers {
  return {
    use: () => void owner.useFakeTimers(),
    advance: (ms) => owner.advanceTimersByTimeAsync(ms),
    restore: () => void owner.useRealTimers(),
  }
}

const step = 1_000
const patience = 3_600_000

/** Waits for a promise while fake time advances. Throws what the promise throws, or an error after an hour of that time. */
export async function settle<Value>(promise: Promise<Value>, timers: Timers | undefined): Promise<Value> {
  if (timers === undefined) return promise
  let settled = false
  const mark = () => {
    settled = true
  }
  promise.then(mark, mark)
  for (let passed = 0; !settled && passed < patience; passed += step) await timers.advance(step)
  if (!settled) throw new Error(`Not settled after ${patience / 60_000} minutes of fake time.`)
  return promise
}
