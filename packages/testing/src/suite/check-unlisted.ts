import type { Comparison } from './check-engine.ts'
import type { VendorSuiteOptions } from './options.ts'
import { writeOf } from './requests.ts'
import { runCase } from './run-case.ts'
import { baseUrl, parseReply } from './sample.ts'

/** Tries an error that the catalogue does not have: its code is kept and the call ends at once. */
export async function tryUnlisted(suite: VendorSuiteOptions): Promise<Comparison[]> {
  const { unlisted = { code: 'EXAMPLE_UNLISTED', status: 400, message: 'Sample of an unlisted error.' }, vendor } =
    suite
  if (unlisted === false) return []
  const comparisons: Comparison[] = []
  for (const [shape, write] of Object.entries(suite.wire)) {
    const reply = write(unlisted)
    if (reply === undefined || reply.request !== undefined) continue
    const what = `shape ${shape}`
    const read = parseReply(vendor, reply, 'POST', baseUrl(suite))
    comparisons.push({ what: `${what}: code`, expected: unlisted.code, actual: read?.code })
    const { result } = await runCase(suite, { request: writeOf(suite), replies: [reply] })
    const { end, attempts, reason } = result
    comparisons.push({
      what,
      expected: { end: 'threw', attempts: 1, reason: 'unlisted' },
      actual: { end, attempts, reason },
    })
  }
  return comparisons
}
