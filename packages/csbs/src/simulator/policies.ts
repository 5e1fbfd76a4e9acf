import { dig, listAt, refuse, textAt } from '@holdfast/openstack/simulator'
import { alreadyInService, noServer } from './messages.ts'
import type { CsbsSettings } from './options.ts'
import { iso } from './record.ts'

/** A backup policy. */
export interface Policy {
  readonly id: string
  name: string
  description: string
  /** As the caller gave them: `id`, `type` and `name` each. */
  resources: readonly unknown[]
  scheduledOperations: readonly unknown[]
  readonly parameters: unknown
  readonly createdAt: number
}

/** Backup policies and the servers that are bound to them. */
export interface Policies {
  readonly all: readonly Policy[]
  find(id: string): Policy | undefined
  /** Reads a policy from a request. Throws a `Refusal`. */
  create(wanted: unknown, now: number): Policy
  update(policy: Policy, wanted: unknown): void
  remove(policy: Policy): void
}

/** Identifiers of the servers of a policy. */
export const serversOf = ({ resources }: Pick<Policy, 'resources'>) =>
  resources.map((resource) => textAt(resource, 'id') ?? '')

/** Starts with none. */
export function createPolicies({ quota, servers }: Pick<CsbsSettings, 'quota' | 'servers'>): Policies {
  const policies = new Map<string, Policy>()

  function assertFree(name: string, resources: readonly unknown[], self?: Policy): void {
    const others = [...policies.values()].filter((policy) => policy !== self)
    if (others.some((policy) => policy.name === name)) refuse('CSBS.9007', 'duplicate service name')
    for (const server of serversOf({ resources })) {
      if (!servers.has(server)) noServer()
      const holder = others.find((policy) => serversOf(policy).includes(server))
      if (holder !== undefined) alreadyInService(holder)
    }
  }

  return {
    get all() {
      return [...policies.values()]
    },
    find: (id) => policies.get(id),
    create(wanted, createdAt) {
      const name = textAt(wanted, 'name')
      if (name === undefined) refuse('CSBS.9001', 'policy name invalid')
      if (policies.size >= quota.policies) refuse('CSBS.0001', 'Service over limit')
      const resources = listAt(wanted, 'resources')
      assertFree(name, resources)
      const policy: Policy = {
        ...{ id: crypto.randomUUID(), name, resources, createdAt },
        description: textAt(wanted, 'description') ?? '',
        scheduledOperations: listAt(wanted, 'scheduled_operations'),
        parameters: dig(wanted, 'parameters') ?? { common: {} },
      }
      policies.set(policy.id, policy)
      return policy
    },
    update(policy, wanted) {
      const name = textAt(wanted, 'name') ?? policy.name
      const resources = dig(wanted, 'resources') === undefined ? policy.resources : listAt(wanted, 'resources')
      assertFree(name, resources, policy)
      const description = textAt(wanted, 'description') ?? policy.description
      const operations = listAt(wanted, 'scheduled_operations')
      Object.assign(policy, { name, resources, description })
      if (operations.length > 0) policy.scheduledOperations = operations
    },
    remove: ({ id }) => void policies.delete(id),
  }
}

/** A policy as the API has it. */
export const policyRecord = (policy: Policy, project: string, provider: string) => ({
  created_at: iso(policy.createdAt),
  description: policy.description,
  id: policy.id,
  name: policy.name,
  parameters: policy.parameters,
  project_id: project,
  provider_id: provider,
  resources: policy.resources,
  scheduled_operations: policy.scheduledOperations,
  status: 'suspended',
  tags: [],
})
