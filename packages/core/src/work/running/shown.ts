import type { WorkReport } from '../../contract/work/vendor-work.ts'
import { givenRequest, secretsOfUnsent, unsentCall } from '../../given-request.ts'
import { Redactor } from '../../secrets/redact.ts'
import { redactName } from '../../secrets/redact-url.ts'
import type { WorkOrigin } from './failure.ts'

/** The identifier of work as events show it. It comes from the server and may contain anything. */
export const shownId = ({ engine: { vendor, state }, saved }: WorkOrigin): string =>
  vendor?.auth === undefined ? saved.work.id : redactName(saved.work.id, state.registry.secretsOf(vendor.auth))

/** A report without the secrets that its message may repeat, and without an invalid progress. */
export function shownReport(given: WorkReport, origin: WorkOrigin): WorkReport {
  const report = 'progress' in given && !isShare(given.progress) ? withoutShare(given) : given
  if (!('message' in report) || report.message === undefined) return report
  return { ...report, message: new Redactor(secretsOf(origin)).text(report.message) }
}

const isShare = (progress: unknown): boolean => typeof progress === 'number' && progress >= 0 && progress <= 1

// With an invalid progress no end can be expected, and all works of a host share one timer.
function withoutShare({ progress: _, ...report }: Extract<WorkReport, { readonly progress?: number }>): WorkReport {
  return report
}

/** The secrets of the request that began the work, and those of all sessions of the client. */
function secretsOf({ engine, sent, saved: { method, url } }: WorkOrigin): readonly string[] {
  const { request, options } = givenRequest(engine, sent ?? { method, url })
  return secretsOfUnsent(engine, unsentCall(engine, request, options).secrets())
}
