import type { Fault, JsonObject, RequestFacts, WorkRequest } from '@holdfast/core/plugin'
import { isObject, textOf } from '@holdfast/core/plugin'
import { isNotFound } from '../not-found.ts'
import { actionOf } from '../requests.ts'

/**
 * A power operation: whoever has begun it, it is as good as ours. A relocation of somebody else's may go elsewhere, and of a
 * creation nobody knows the target.
 */
const ofMachine = /^\/api\/vcenter\/vm\/([^/]+)\/power$/

/** Milliseconds by which a server's clock may be behind its `Date` header, which has whole seconds. */
const SLACK = 2_000

/** The request for tasks upon the machine of a start, or for one that was to be deleted; `undefined` for a start upon anything else. */
export function searchFor(start: RequestFacts): WorkRequest | undefined {
  if (isDeletion(start)) return { path: start.path }
  const target = targetOf(start)
  if (target === undefined) return undefined
  const targets = [{ type: 'VirtualMachine', id: target.machine }]
  return {
    path: '/api/cis/tasks?action=list',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ filter_spec: { services: ['com.vmware.vcenter.vm.power'], targets } }),
  }
}

/** True for the refusal of a look that shows that the machine which was to be deleted is not there. */
export const isGone = (fault: Fault, start: RequestFacts): boolean => isNotFound(fault) && isDeletion(start)

const isDeletion = ({ method, path }: RequestFacts): boolean =>
  method === 'DELETE' && /^\/api\/vcenter\/vm\/[^/]+$/.test(path)

/**
 * The task that a start has begun, if one and only one can be it: upon that machine, by that action, and begun since.
 *
 * @param since milliseconds since the epoch, by the server's clock.
 */
export function taskAmong(
  tasks: readonly (readonly [string, JsonObject])[],
  start: RequestFacts,
  since: number,
): string | undefined {
  const target = targetOf(start)
  const candidates = tasks.filter(([, info]) => {
    const of = isObject(info.target) ? textOf(info.target.id) : undefined
    const operation = textOf(info.operation)?.replace(/\$task$/, '')
    const begun = Date.parse(textOf(info.start_time) ?? '')
    const isNew = Number.isNaN(begun) ? info.status === 'PENDING' : begun >= since - SLACK
    return target !== undefined && of === target.machine && operation === target.action && isNew
  })
  const [only, ...others] = candidates
  return others.length === 0 ? only?.[0] : undefined
}

function targetOf(start: RequestFacts) {
  const [, machine] = ofMachine.exec(start.path) ?? []
  const action = actionOf(start)
  if (machine === undefined || action === undefined || start.method !== 'POST') return undefined
  return { machine: decoded(machine), action }
}

/** A part of a path; as it stands where somebody has not encoded a percent sign. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
