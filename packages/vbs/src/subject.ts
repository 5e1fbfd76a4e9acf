import { objectOf, parseObject, type RequestFacts, textOf } from '@holdfast/core/plugin'
import { pathOf } from '@holdfast/openstack'

/** The subject of a request, by its URL and its body. */
export interface Subject {
  /** The path up to the project. */
  readonly base: string
  /** The collection that it is sent to, such as `cloudbackups`. */
  readonly to: string
  /** The part after the identifier, such as `restore`. */
  readonly act?: string | undefined
  readonly backup?: string | undefined
  readonly policy?: string | undefined
  readonly sharing?: string | undefined
  readonly volume?: string | undefined
  /** The name of the new object. */
  readonly name?: string | undefined
}

const shape =
  /^(?<base>.*?)\/(?<to>cloudbackups|backups|backuppolicy|backuppolicyresources|os-vendor-backup-sharing)(?:\/(?<id>[^/]+)(?:\/(?<act>[^/]+)(?:\/[^/]+)?)?)?$/

/** Reads the subject of a request; `undefined` for a request without one. */
export function subjectOf(request: RequestFacts): Subject | undefined {
  const { base, to, id, act } = shape.exec(pathOf(request))?.groups ?? {}
  if (base === undefined || to === undefined) return undefined
  const body = parseObject(request.bodyText) ?? {}
  const asked = objectOf(body.backup) ?? objectOf(body.restore)
  const isPolicy = to.startsWith('backuppolicy')
  return {
    base,
    to,
    act,
    backup: to.endsWith('backups') ? id : textOf(objectOf(body.shared)?.backup_id),
    policy: isPolicy ? (id ?? textOf(body.backup_policy_id)) : undefined,
    sharing: to === 'os-vendor-backup-sharing' ? id : undefined,
    volume: textOf(asked?.volume_id),
    name: textOf(asked?.name),
  }
}
