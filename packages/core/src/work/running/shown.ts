import type { WorkReport } from '../../contract/work/vendor-work.ts'
import { givenRequest, secretsOfUnsent, unsentCall } from '../../given-request.ts'
import { Redactor } from '../../secrets/redact.ts'
import { redactName } from '../../secrets/redact-url.ts'
import type { WorkOrigin } from './failure.ts'

/** The identifier of work as events show it: a server makes it up, and may put anything into it. */
export const shownId = ({ engine: { vendor, state }, saved }: WorkOrigin): string =>
  vendor?.auth === undefined ? saved.work.id : redactName(saved.work.id, state.registry.secretsOf(vendor.auth))

/** A report without the secrets that the server's word on the step may repeat. */
export function shownReport(report: WorkReport, origin: WorkOrigin): WorkReport {
  if (!('message' in report) || report.message === undefined) return report
  return { ...report, message: new Redactor(secretsOf(origin)).text(report.message) }
}

/** The secrets of the request that began the work, and those of all sessions of the client. */
function secretsOf({ engine, sent, saved: { method, url } }: WorkOrigin): readonly string[] {
  const { request, options } = givenRequest(engine, sent ?? { method, url })
  const call = unsentCall(engine, request, options)
  request.dispose()
  return secretsOfUnsent(engine, call.secrets())
}
