import { type JsonObject, objectOf, parseObject, type RequestFacts, textOf } from '@holdfast/core/plugin'
import { pathOf } from '@holdfast/openstack'

/** The subject of a request, by its URL and its body. */
export interface Subject {
  /** The path up to the project. */
  readonly base: string
  readonly server?: string | undefined
  readonly policy?: string | undefined
  /** A backup: a `checkpoint_item`, which is listed and read. */
  readonly backup?: string | undefined
  /** A backup record: a `checkpoint`, which has one backup for each server. */
  readonly record?: string | undefined
  /** The name of the new object. */
  readonly name?: string | undefined
}

const shape =
  /^(?<base>.*?)\/(?:providers\/[^/]+\/(?:resources(?:\/(?<server>(?!action$)[^/]+))?\/action|checkpoints(?:\/(?<record>[^/]+))?)|checkpoint_items(?:\/(?<backup>[^/]+))?|policies(?:\/(?<policy>[^/]+))?|restores|csbs_backup\/(?<tagged>[^/]+)\/tags(?:\/.*)?|csbs_backup_policy\/(?<taggedPolicy>[^/]+)\/tags(?:\/.*)?)$/

/** Reads the subject of a request; `undefined` for a request without one. */
export function subjectOf(request: RequestFacts): Subject | undefined {
  const found = shape.exec(pathOf(request))?.groups
  if (found === undefined) return undefined
  const { base = '', server, record, backup, policy, tagged, taggedPolicy } = found
  const inBody = subjectIn(parseObject(request.bodyText))
  return {
    base,
    server: server ?? inBody.server,
    record: record ?? inBody.record,
    backup: backup ?? tagged ?? itemsIn(request.query) ?? inBody.backup,
    policy: policy ?? taggedPolicy ?? inBody.policy,
    name: inBody.name,
  }
}

/** The single backup of a record, which is named in the query. */
const itemsIn = (query: string): string | undefined =>
  textOf(query === '' ? undefined : new URLSearchParams(query).get('checkpoint_items'))

function subjectIn(body: JsonObject | undefined): Omit<Subject, 'base'> {
  const { protect, checkpoint, policy, restore } = body ?? {}
  const { checkpoint_id, parameters } = objectOf(restore) ?? {}
  const { checkpoint_item_id, targets } = objectOf(parameters) ?? {}
  return {
    server: textOf(objectOf(targets)?.server_id),
    record: textOf(checkpoint_id),
    backup: textOf(checkpoint_item_id),
    policy: textOf(objectOf(checkpoint)?.plan_id),
    name: textOf(objectOf(protect)?.backup_name) ?? textOf(objectOf(policy)?.name),
  }
}
