import { parseObject, type RequestFacts } from '@holdfast/core/plugin'
import type { Place } from './collections.ts'

/**
 * Actions after which the object does not exist any more. Source: openstack/nova, openstack/cinder (api/contrib/admin_actions.py,
 * volume_unmanage.py, snapshot_unmanage.py).
 */
const leaving: ReadonlySet<string> = new Set(['forceDelete', 'os-force_delete', 'os-unmanage'])

/** True for a request after which an object does not exist any more, by its method or by an action. */
export function isDeletion({ id, rest }: Place, { method, bodyText }: RequestFacts): boolean {
  if (id === undefined) return false
  if (rest === undefined) return method === 'DELETE'
  const [action = '', ...more] = rest === 'action' ? Object.keys(parseObject(bodyText) ?? {}) : []
  return method === 'POST' && more.length === 0 && leaving.has(action)
}
