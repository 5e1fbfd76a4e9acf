import { isObject, type JsonObject, textOf, type WorkName, type WorkReport } from '@holdfast/core/plugin'
import { carriedCode } from '../carried-code.ts'
import { holdsWantedState } from '../power-states.ts'
import { readAnswer } from '../wire/answer.ts'
import { failureFrom, UNKNOWN } from '../wire/rpc-answer.ts'

/** Reads the record of a task (`task.get_record`; xapi-project/xen-api `ocaml/idl/datamodel.ml`, `taskHelper.ml`). */
export function reportOf(record: unknown, work: WorkName): WorkReport {
  const { status, progress, result, error_info: errorInfo } = isObject(record) ? record : {}
  switch (status) {
    case 'pending':
    case 'cancelling': {
      // A number in JSON, a string in XML-RPC.
      const share = Number(progress)
      return { status: 'running', ...(progress !== undefined && share >= 0 && share <= 1 && { progress: share }) }
    }
    case 'success':
      return { status: 'succeeded', result: resultOf(result) }
    case 'failure':
      return { status: 'failed', fault: faultOf(errorInfo, work, []) }
    case 'cancelled':
      return { status: 'cancelled', fault: faultOf(errorInfo, work, ['TASK_CANCELLED', work.id]) }
    default:
      return { status: 'lost', fault: { code: UNKNOWN, message: `its state is ${JSON.stringify(status)}` } }
  }
}

function faultOf(errorInfo: unknown, { facts }: WorkName, otherwise: readonly string[]) {
  const description = Array.isArray(errorInfo) && errorInfo.length > 0 ? errorInfo : otherwise
  const { type: _, ...fault } = failureFrom(description)
  const carried = carriedCode(fault.code, fault.params)
  const achieved = holdsWantedState(facts?.method ?? '', [facts?.object, facts?.paused], fault)
  return { ...fault, ...(carried !== undefined && { details: [carried] }), ...(achieved && { achieved }) }
}

/** Decodes a result: a fragment of XML-RPC, whatever the format of the call, and empty for a method without value. */
function resultOf(result: unknown): unknown {
  if (typeof result !== 'string' || !result.startsWith('<value')) return result
  const members = `<member><name>Status</name><value>Success</value></member><member><name>Value</name>${result}</member>`
  const answer = readAnswer(
    `<methodResponse><params><param><value><struct>${members}</struct></value></param></params></methodResponse>`,
  )
  return answer?.type === 'success' ? answer.value : result
}

/**
 * True for a task's UUID, which `xe task-list` shows. Calls accept only references (xapi-project/xen-api
 * `ocaml/database/db_cache_impl.ml`, `read_record` and `db_get_by_uuid`), so such a task is looked up among the records of all.
 */
export const isUuid = (id: string): boolean => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)

/** The states of works in the records of all tasks (`task.get_all_records`). */
export function reportsOf(records: JsonObject, works: readonly WorkName[]): Map<string, WorkReport> {
  const byUuid = works.some(({ id }) => isUuid(id))
    ? new Map(Object.values(records).map((record) => [uuidOf(record), record]))
    : undefined
  return new Map(
    works.flatMap((work) => {
      const record = isUuid(work.id) ? byUuid?.get(work.id.toLowerCase()) : ownRecord(records, work.id)
      return record === undefined ? [] : [[work.id, reportOf(record, work)] as const]
    }),
  )
}

const ownRecord = (records: JsonObject, ref: string): unknown =>
  Object.hasOwn(records, ref) ? records[ref] : undefined

const uuidOf = (record: unknown): string | undefined =>
  isObject(record) ? textOf(record.uuid)?.toLowerCase() : undefined

/** The changes in an answer to `event.from`, by the reference of the task. A removed task has no record there. */
export function reportsIn(events: readonly unknown[], works: readonly WorkName[]): Map<string, WorkReport> {
  const known = new Map(works.map((work) => [isUuid(work.id) ? work.id.toLowerCase() : work.id, work]))
  const reports = new Map<string, WorkReport>()
  for (const event of events) {
    if (!isObject(event) || event.class !== 'task') continue
    const work = known.get(textOf(event.ref) ?? '') ?? known.get(uuidOf(event.snapshot) ?? '')
    if (work === undefined) continue
    reports.set(work.id, event.operation === 'del' ? gone(work) : reportOf(event.snapshot, work))
  }
  return reports
}

/** The fault for a task that was deleted, as XAPI refuses a poll for it. */
const gone = ({ id }: WorkName): WorkReport => ({
  status: 'lost',
  fault: { code: 'HANDLE_INVALID', params: ['task', id] },
})
