import type { ErrorRow } from '@holdfast/core/plugin'
import type { WireReply } from '../wire.ts'
import { withHarness } from './harness.ts'
import type { VendorSuiteOptions } from './options.ts'
import { requestsFor } from './requests.ts'
import { samplesOf, withHeader } from './sample.ts'
import { settle } from './timers.ts'

/** Attempts from which on the circuit may open, and calls that fail. */
const minimum = 2

/** The effects of a row on its service state. */
export interface GuardsAfter {
  /** The circuit after it has answered several calls. */
  readonly circuit: 'open' | 'closed'
  /** True if all callers wait after one answer with a `Retry-After`. */
  readonly isPaused: boolean
}

/** The circuit and the pause that each of these rows calls for. */
export async function guardsAfter(
  suite: VendorSuiteOptions,
  rows: readonly ErrorRow[],
): Promise<ReadonlyMap<ErrorRow, GuardsAfter>> {
  // The login and the first request succeed, so one failure in ten attempts must be enough.
  const breaker = { minimum, failureRate: 0.1, window: 60_000, openTime: 60_000 }
  const options = { retry: false, breaker, limits: false, patience: 0, pause: {} } as const
  const found = new Map<ErrorRow, GuardsAfter>()
  await withHarness(suite, options, async ({ client, server }) => {
    for (const row of rows) {
      const [sample] = samplesOf(suite, row)
      const [requested] = sample === undefined ? [] : requestsFor(suite, sample)
      if (sample === undefined || requested === undefined) throw new Error('No shape of the wire can carry this row.')
      const { url, ...init } = requested.request
      const call = async (reply: WireReply) => {
        // After a renewal the request is sent once more, so there is a second copy of the reply.
        server.replies = [reply, reply]
        await settle(Promise.allSettled([client(url, init)]), suite.timers)
      }
      const services = () => client.state.snapshot()
      for (let done = 0; done < minimum; done += 1) await call(sample.reply)
      const circuit = services().some((service) => service.circuit !== 'closed') ? 'open' : 'closed'
      client.state.reset()
      // No other kind waits, so it holds back no caller.
      if (row.kind === 'retryable') await call(withHeader(sample.reply, 'retry-after', '30'))
      found.set(row, { circuit, isPaused: services().some(({ pausedFor }) => pausedFor > 0) })
      client.state.reset()
    }
  })
  return found
}

/** The expected effects of a row: an error that trips holds back all callers, and so does a throttle. */
export function expectedGuards(suite: VendorSuiteOptions, row: ErrorRow): GuardsAfter {
  const [{ reply } = { reply: undefined }] = samplesOf(suite, row)
  const throttles = row.pauses ?? reply?.status === 429
  return {
    circuit: row.trips ? 'open' : 'closed',
    isPaused: row.kind === 'retryable' && (row.trips === true || throttles),
  }
}
