import type { ErrorRow } from '@holdfast/core/plugin'
import { withHarness } from './harness.ts'
import type { VendorSuiteOptions } from './options.ts'
import { requestsFor } from './requests.ts'
import { samplesOf } from './sample.ts'
import { settle } from './timers.ts'

/** Attempts from which the circuit may open, and calls that fail. */
const minimum = 2

/** The circuit of a service after several calls. */
export type CircuitAfter = 'open' | 'closed'

/** The state of the circuit after the same row has answered several calls, for each of these rows. */
export async function circuitsAfter(
  suite: VendorSuiteOptions,
  rows: readonly ErrorRow[],
): Promise<ReadonlyMap<ErrorRow, CircuitAfter>> {
  // The login and the first request have gone well: one attempt in ten that counts is enough.
  const breaker = { minimum, failureRate: 0.1, window: 60_000, openTime: 60_000 }
  const found = new Map<ErrorRow, CircuitAfter>()
  await withHarness(suite, { retry: false, breaker, limits: false, patience: 0 }, async ({ client, server }) => {
    for (const row of rows) {
      const [sample] = samplesOf(suite, row)
      const [requested] = sample === undefined ? [] : requestsFor(suite, sample)
      if (sample === undefined || requested === undefined) throw new Error('No shape of the wire can carry this row.')
      const { url, ...init } = requested.request
      for (let call = 0; call < minimum; call += 1) {
        // A renewed session asks once more, so there is a second copy of the reply.
        server.replies = [sample.reply, sample.reply]
        await settle(Promise.allSettled([client(url, init)]), suite.timers)
      }
      found.set(row, client.state.snapshot().some(({ circuit }) => circuit !== 'closed') ? 'open' : 'closed')
      client.state.reset()
    }
  })
  return found
}
