import type { Fault } from '@holdfast/core/plugin'
import { parseReply } from '../parse-reply.ts'
import type { Comparison } from './check-engine.ts'
import type { VendorSuiteOptions } from './options.ts'
import { writeOf } from './requests.ts'
import { type CaseResult, picked, runCase } from './run-case.ts'
import { baseUrl } from './sample.ts'

const EXAMPLE: Fault = { code: 'EXAMPLE_UNLISTED', status: 400, message: 'Sample of an unlisted error.' }

/** Tries an error that the catalogue does not have: its code is kept, and the call ends at once. */
export async function tryUnlisted(suite: VendorSuiteOptions): Promise<Comparison[]> {
  const { unlisted = EXAMPLE, vendor } = suite
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

/** The expected end of a request that changes something, for each status that decides whatever the code. */
const BESIDE: Readonly<Record<number, Partial<CaseResult>>> = {
  429: { end: 'returned', attempts: 2 },
  502: { end: 'threw', attempts: 1, kind: 'retryable', outcome: 'unknown', reason: 'not-repeatable' },
  503: { end: 'threw', attempts: 1, kind: 'retryable', outcome: 'unknown', reason: 'not-repeatable' },
  504: { end: 'threw', attempts: 1, kind: 'retryable', outcome: 'unknown', reason: 'not-repeatable' },
}

/** Tries an error that the catalogue does not have, with each status that decides whatever the code. */
export async function tryUnlistedBesideStatuses(suite: VendorSuiteOptions): Promise<Comparison[]> {
  const { unlisted = EXAMPLE, vendor } = suite
  if (unlisted === false) return []
  const renewed: Partial<CaseResult> =
    vendor.auth === undefined
      ? { end: 'threw', attempts: 1, kind: 'auth' }
      : { end: 'returned', attempts: 2, logins: 1 }
  const comparisons: Comparison[] = []
  for (const [shape, write] of Object.entries(suite.wire)) {
    for (const [status, expected] of Object.entries({ 401: renewed, ...BESIDE })) {
      const reply = write({ ...unlisted, status: Number(status) })
      // Some shapes have no status of their own.
      if (reply === undefined || reply.request !== undefined || reply.status !== Number(status)) continue
      const { result } = await runCase(suite, { request: writeOf(suite), replies: [reply] })
      comparisons.push({ what: `beside ${status}, shape ${shape}`, expected, actual: picked(result, expected) })
    }
  }
  return comparisons
}
