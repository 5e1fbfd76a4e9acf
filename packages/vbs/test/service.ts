import { errorOf, says, settled } from '@holdfast/openstack/testing'
import { vi } from 'vitest'

export const fine = says(200, { job_id: 'j-1' })

/** Lets fake time go by until a promise has settled. */
export const played = <Value>(promise: Promise<Value>): Promise<Value> =>
  settled(promise, (ms) => vi.advanceTimersByTimeAsync(ms))

/** The error that a call rejects with, after as much fake time as it takes. */
export const failureOfCall = (call: Promise<Response>): Promise<unknown> => played(errorOf(call))
