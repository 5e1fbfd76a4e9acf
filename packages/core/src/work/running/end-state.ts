import type { WorkReport } from '../../contract/work/vendor-work.ts'
import { type Answer, thrownFor } from '../polling/own-request.ts'
import { failedError, isAccepted, lostError, type WorkOrigin } from './failure.ts'
import type { EndState } from './work-state.ts'

/** A report of an end. */
export type EndReport = Exclude<WorkReport, { readonly status: 'pending' | 'running' }>

/** True for a report of an end. */
export const isEnd = (report: WorkReport): report is EndReport =>
  report.status !== 'pending' && report.status !== 'running'

/** The state for a report of an end, with its error. */
export async function endStateOf<Result>(
  origin: WorkOrigin,
  report: EndReport,
  progress: number | undefined,
  cause?: unknown,
): Promise<EndState<Result>> {
  if (report.status === 'succeeded') return succeeded(report.result as Result)
  const known = progress !== undefined && { progress }
  const { status, fault } = report
  if (status === 'lost') return { status, ...known, error: await lostError(origin, fault, cause) }
  const error = await failedError(origin, fault)
  return isAccepted(origin, error) ? succeeded(undefined as Result) : { status, ...known, error }
}

/** The state of work that is done. */
export const succeeded = <Result>(result: Result): EndState<Result> => ({ status: 'succeeded', progress: 1, result })

/** The end of work whose watch was given up after this answer. */
export function givenUp(answer: Answer): { readonly report: EndReport; readonly cause: unknown } {
  const fault = answer.type === 'fault' && { fault: answer.verdict.fault }
  return { report: { status: 'lost', ...fault }, cause: thrownFor(answer) }
}
