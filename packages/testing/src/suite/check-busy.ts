import type { ErrorRow } from '@holdfast/core/plugin'
import { parseReply } from '../parse-reply.ts'
import type { Comparison } from './check-engine.ts'
import { withHarness } from './harness.ts'
import type { VendorSuiteOptions } from './options.ts'
import { requestsFor } from './requests.ts'
import { type CaseInput, runWith } from './run-case.ts'
import { samplesOf } from './sample.ts'

/** Answers of a busy object: more than a call has retries. */
const WAITS = 6
/** Most milliseconds of waiting for a busy object here. */
const LONG = 3_000_000

/** Tries a busy row: it is waited for beyond the retries of a call, and ends as a conflict. */
export async function tryBusy(suite: VendorSuiteOptions, row: ErrorRow): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const sample of samplesOf(suite, row)) {
    const { shape, reply } = sample
    const [{ request } = { request: undefined }] = requestsFor(suite, sample)
    if (request === undefined) continue
    const fault = parseReply(suite.vendor, reply, request.method, request.url)
    // If work had begun, it may be done in part, so nothing is waited for.
    if (fault === undefined || fault.inTask || fault.settled) continue
    const cases = [
      {
        what: 'waited for',
        options: { totalTimeout: LONG },
        replies: WAITS,
        expected: { end: 'returned', attempts: WAITS + 1, kind: undefined },
      },
      {
        what: 'limited',
        options: { retry: { limit: 2 } },
        replies: WAITS,
        expected: { end: 'threw', attempts: 3, kind: 'conflict' },
      },
    ]
    for (const { what, options, replies, expected } of cases) {
      const input: CaseInput = { request, replies: Array.from({ length: replies }, () => reply) }
      const { result } = await withHarness(suite, { breaker: false, ...options }, (harness) =>
        runWith(suite, harness, input),
      )
      const { end, attempts, kind } = result
      comparisons.push({ what: `${what}, shape ${shape}`, expected, actual: { end, attempts, kind } })
    }
  }
  return comparisons
}
