import type { ErrorRow } from '@holdfast/core/plugin'
import { each } from './each.ts'

const handlers = 'openstack/placement placement/handlers'
const source = `openstack/placement placement/errors.py; ${handlers}`

/** Placement names its failures from microversion 1.23 on; whatever it does not name has the name of its status. */
export const placement = [
  {
    code: 'placement.concurrent_update',
    status: 409,
    kind: 'conflict',
    outcome: 'rejected',
    params: ['message'],
    hint: 'Read the object again, and send the change with its new generation.',
    source,
    why: 'The generation in the request is no longer the present one, so that the same bytes are refused again.',
  },
  {
    code: 'placement.changed_meanwhile',
    refines: 'placement.concurrent_update',
    when: {
      includes: ['changed while attempting to allocate', 'because the inventory was updated by another process'],
    },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    hint: 'Ask again: something else was allocated at the same moment.',
    source: `${handlers}/allocation.py, ${handlers}/inventory.py (delete_inventories)`,
    why: 'Met within the transaction, which it undoes, and nothing in the request is out of date.',
  },
  ...each(['placement.inventory.inuse', 'placement.resource_provider.inuse'], {
    status: 409,
    kind: 'conflict',
    outcome: 'rejected',
    hint: 'Remove the allocations that still use it first.',
    source,
  } as const),
  {
    code: 'placement.resource_provider.cannot_delete_parent',
    status: 409,
    kind: 'conflict',
    outcome: 'rejected',
    hint: 'Delete the providers below it first.',
    source,
  },
  {
    code: 'placement.duplicate_name',
    status: 409,
    kind: 'conflict',
    outcome: 'rejected',
    hint: 'Look at the provider that has this name already, then choose another.',
    source,
  },
  {
    code: 'placement.resource_provider.not_found',
    status: 400,
    kind: 'fatal',
    outcome: 'rejected',
    hint: 'Check the providers that the request names: the message says which is not there.',
    source,
  },
  ...each(['placement.query.bad_value', 'placement.query.duplicate_key', 'placement.query.missing_value'], {
    status: 400,
    kind: 'fatal',
    outcome: 'rejected',
    hint: 'Correct the query that the message names.',
    source,
  } as const),
  {
    code: 'NO_CAPACITY',
    refines: 'conflictingRequest',
    when: { includes: ['unable to allocate inventory'] },
    kind: 'fatal',
    outcome: 'rejected',
    hint: 'Ask for less, or for another provider: this one has too little left.',
    source: `${handlers}/allocation.py, ${handlers}/reshaper.py`,
    why: 'A limit on what fits, though served as a conflict.',
  },
  {
    code: 'DATABASE_BUSY',
    refines: 'conflictingRequest',
    when: { includes: ['max retries of db transaction exceeded'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    hint: 'Ask again: the database was busy with the same table.',
    source: `${handlers}/resource_class.py`,
    why: 'All of its own attempts were undone.',
  },
] as const satisfies readonly ErrorRow[]
