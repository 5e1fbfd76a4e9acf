import { vi } from 'vitest'
import type { VendorError } from '../../src/index.ts'

const STEPS = 1_000

/** Lets fake time run from timer to timer until a promise has settled, and no further. */
export async function played<T>(promise: Promise<T>): Promise<T> {
  let settled = false
  promise.then(
    () => {
      settled = true
    },
    () => {
      settled = true
    },
  )
  // A promise that needs no time may settle before any passes.
  await vi.advanceTimersByTimeAsync(0)
  for (let step = 0; !settled; step++) {
    if (step === STEPS) throw new Error('It never settles.')
    await vi.advanceTimersToNextTimerAsync()
  }
  return promise
}

/** The error that a promise rejects with. */
export const errorOf = (promise: Promise<unknown>): Promise<VendorError> =>
  promise.then(
    (value) => {
      throw new Error(`It succeeded: ${String(value)}`)
    },
    (thrown: unknown) => thrown as VendorError,
  )

/** The error that a promise rejects with, in fake time. */
export const failure = (promise: Promise<unknown>): Promise<VendorError> => errorOf(played(promise))

/** Milliseconds between one request and the next. */
export const gaps = (sent: readonly { readonly at: number }[]): number[] =>
  sent.slice(1).map(({ at }, index) => Math.round(at - (sent[index]?.at ?? 0)))

/** Fake milliseconds gone by, to the ten: a turn of the event loop counts as one of them. */
export const elapsed = (): number => toTen(performance.now())

/** To the ten. */
export const toTen = (ms: number): number => Math.round(ms / 10) * 10
