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

/** True if a code says that something is at work on what the request names. */
export const isBusy = (code: string): boolean => busyThings.has(code)

/** The parts of a message that is JSON beside its sentence: the policy that is in the way. */
export function planIn(nested: JsonObject | undefined): readonly unknown[] | undefined {
  if (nested === undefined || (nested.plan_id === undefined && nested.plan_name === undefined)) return undefined
  return [nested.plan_id, nested.plan_name]
}

/** Parameters of a failure: the name of what is at work, or the policy that is in the way. */
export function paramsOf(
  code: string,
  { text, request }: Pick<Reply, 'text' | 'request'>,
): readonly unknown[] | undefined {
  // The message can be a document that says more than its sentence, such as which policy is in the way.
  const nested = readEnvelope(text)?.nested
  return isBusy(code) ? [busyWith(code, nested, request)] : planIn(nested)
}

/**
 * Names what is at work, as well as message and request allow: `policy daily (8e9c…)`, `server 9506…`. Where neither
 * knows the thing that the code speaks of, it is what the request is about.
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
  // All backups of a record, where it is not said which.
  const id = subject?.[thing] ?? (thing === 'backup' ? subject?.record : undefined)
  return id === undefined ? undefined : `${thing} ${id}`
}
