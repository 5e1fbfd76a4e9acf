import type { Fault, JsonObject, RequestFacts, WorkRequest } from '@holdfast/core/plugin'
import { isObject, textOf } from '@holdfast/core/plugin'
import { isNotFound } from '../not-found.ts'
import { actionOf } from '../requests.ts'

/**
 * Power operations: whoever has begun one, its result is the same. Not a relocation, which may have another target, and not a
 * creation, whose target is not known.
 */
const ofMachine = /^\/api\/vcenter\/vm\/([^/]+)\/power$/

/** Milliseconds by which a `Date` header, which has whole seconds, may differ from the server's clock. */
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

/** True for a refusal of the search that shows that the machine to be deleted does not exist. */
export const isGone = (fault: Fault, start: RequestFacts): boolean => isNotFound(fault) && isDeletion(start)

const isDeletion = ({ method, path }: RequestFacts): boolean =>
  method === 'DELETE' && /^\/api\/vcenter\/vm\/[^/]+$/.test(path)

/**
 * The task that a start has begun, if exactly one can be it: on that machine, with that action, and begun since then.
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

/** A part of a path, decoded; unchanged if it has a percent sign that is not encoded. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
