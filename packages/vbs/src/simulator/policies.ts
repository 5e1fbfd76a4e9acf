import { dig, refuse, textAt } from '@holdfast/openstack/simulator'
import type { VbsSettings } from './options.ts'

/** One disk's turn in a run of a policy. */
export interface PolicyTask {
  readonly id: string
  readonly volume: string
  readonly at: number
  /** The backup that it makes; absent if the disk was busy and was skipped. */
  readonly backup?: string
  readonly job?: string
}

/** A backup policy. */
export interface Policy {
  readonly id: string
  name: string
  schedule: unknown
  /** Identifiers of its disks. */
  readonly volumes: Set<string>
  readonly tasks: PolicyTask[]
}

/** Backup policies. */
export interface Policies {
  readonly all: readonly Policy[]
  find(id: string): Policy | undefined
  /** Reads a policy from a request. Throws a `Refusal`. */
  create(wanted: unknown): Policy
  update(policy: Policy, wanted: unknown): void
  remove(policy: Policy): void
}

/** Starts with none. */
export function createPolicies({ quota }: Pick<VbsSettings, 'quota'>): Policies {
  const policies = new Map<string, Policy>()
  return {
    get all() {
      return [...policies.values()]
    },
    find: (id) => policies.get(id),
    create(wanted) {
      if (wanted === undefined) refuse('AutoBackup.0000', 'The request has no body.')
      const name = nameIn(wanted) ?? refuse('AutoBackup.0101', 'The policy has no name.')
      const schedule = dig(wanted, 'scheduled_policy') ?? refuse('AutoBackup.0001', 'There is no schedule.')
      if (policies.size >= quota.policies) refuse('AutoBackup.0203', 'There are as many policies as there may be.')
      const policy: Policy = { id: crypto.randomUUID(), name, schedule, volumes: new Set(), tasks: [] }
      policies.set(policy.id, policy)
      return policy
    },
    update(policy, wanted) {
      policy.name = nameIn(wanted) ?? policy.name
      policy.schedule = dig(wanted, 'scheduled_policy') ?? policy.schedule
    },
    remove: ({ id }) => void policies.delete(id),
  }
}

function nameIn(wanted: unknown): string | undefined {
  const name = textAt(wanted, 'backup_policy_name')
  if (name === undefined) return undefined
  if (name.length > 64) refuse('AutoBackup.0101', 'The name of the policy is too long.')
  return /^(?!default)[\w-]+$/.test(name) ? name : refuse('AutoBackup.0102', 'The name of the policy is not allowed.')
}

/** A policy as a list has it. */
export const policyRecord = ({ id, name, schedule, volumes }: Policy) => ({
  backup_policy_id: id,
  backup_policy_name: name,
  scheduled_policy: schedule,
  policy_resource_count: volumes.size,
})
