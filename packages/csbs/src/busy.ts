import { type JsonObject, type Reply, type RequestFacts, textOf } from '@holdfast/core/plugin'
import { readEnvelope } from '@holdfast/openstack'
import { type Subject, subjectOf } from './subject.ts'

type Thing = 'server' | 'policy' | 'backup'

/** The work that each "busy" code is about. */
const busyThings: ReadonlyMap<string, Thing> = new Map([
  ['CSBS.1001', 'policy'],
  ['CSBS.1002', 'server'],
  ['CSBS.2001', 'policy'],
  ['CSBS.2003', 'backup'],
  ['CSBS.2004', 'policy'],
  ['CSBS.4000', 'backup'],
  ['CSBS.6015', 'server'],
  ['CSBS.6030', 'policy'],
  ['CSBS.6031', 'policy'],
  ['CSBS.8001', 'backup'],
])

/** True for a code that means that other work is under way on the object of the request. */
export const isBusy = (code: string): boolean => busyThings.has(code)

/** The members of a message that is JSON, in addition to its sentence: the policy that blocks the request. */
export function planIn(nested: JsonObject | undefined): readonly unknown[] | undefined {
  if (nested === undefined || (nested.plan_id === undefined && nested.plan_name === undefined)) return undefined
  return [nested.plan_id, nested.plan_name]
}

/** Parameters of a failure: the name of the other work, or the policy that blocks the request. */
export function paramsOf(
  code: string,
  { text, request }: Pick<Reply, 'text' | 'request'>,
): readonly unknown[] | undefined {
  // The message can be a document with more than its sentence, such as the policy that blocks the request.
  const nested = readEnvelope(text)?.nested
  return isBusy(code) ? [busyWith(code, nested, request)] : planIn(nested)
}

/**
 * Names the other work, as far as message and request show it: `policy daily (8e9c…)`, `server 9506…`. If neither shows the kind
 * of thing that the code is about, it is the object of the request.
 */
function busyWith(code: string, nested: JsonObject | undefined, request: RequestFacts): string | undefined {
  const thing = busyThings.get(code)
  const subject = subjectOf(request)
  const [id, name] = [textOf(nested?.plan_id), textOf(nested?.plan_name)]
  if (id !== undefined || name !== undefined) {
    return `policy ${name === undefined ? id : id === undefined ? name : `${name} (${id})`}`
  }
  return (
    (thing && named(thing, subject)) ?? named('backup', subject) ?? named('server', subject) ?? named('policy', subject)
  )
}

function named(thing: Thing, subject: Subject | undefined): string | undefined {
  // All backups of a record, if none is named.
  const id = subject?.[thing] ?? (thing === 'backup' ? subject?.record : undefined)
  return id === undefined ? undefined : `${thing} ${id}`
}
