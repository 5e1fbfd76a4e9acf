import type { RequestFacts } from '@holdfast/core/plugin'

/**
 * The state of a server that each action leads it to (Nova), as refusals name it: `Cannot 'start' instance 8e9c…
 * while it is in vm_state active` (nova/api/openstack/common.py, `raise_http_conflict_for_instance_invalid_state`).
 */
const wanted: ReadonlyMap<string, readonly string[]> = new Map([
  ['start', ['active']],
  ['stop', ['stopped']],
  ['pause', ['paused']],
  ['unpause', ['active']],
  ['suspend', ['suspended']],
  ['resume', ['active']],
  ['shelve', ['shelved', 'shelved_offloaded']],
  ['rescue', ['rescued']],
])

const refusal = /\bCannot '([a-z]{1,20})' instance (\S{1,80}) while it is in vm_state ([a-z_]{1,30})\b/
const server = /\/servers\/([^/]+)\/action\/?$/

/** True if the refusal of an action names the wanted state itself. */
export function holdsWantedState(message: string, { method, path }: Pick<RequestFacts, 'method' | 'path'>): boolean {
  const [, action, instance, state] = refusal.exec(message) ?? []
  if (action === undefined || state === undefined || method !== 'POST') return false
  return server.exec(path)?.[1] === instance && (wanted.get(action)?.includes(state) ?? false)
}
