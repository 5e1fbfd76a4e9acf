import { createRecorder, type Recorder } from '@holdfast/testing/simulator-kit'
import { type Account, createAccount } from './account.ts'
import { type AuditLog, createAuditLog } from './audit-log.ts'
import { type Categories, createCategories } from './categories.ts'
import { createFaults, type Faults } from './faults.ts'
import { createMachines, type Machines, type PowerState, type Vm } from './machines.ts'
import type { VcenterSettings } from './options.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createTags, type Tags } from './tags.ts'
import { createTasks, type Tasks } from './tasks.ts'

/** The whole state of a simulated vCenter. */
export interface VCenterState {
  readonly username: string
  readonly account: Account
  readonly sessions: Sessions
  readonly machines: Machines
  readonly tasks: Tasks
  readonly categories: Categories
  readonly tags: Tags
  readonly faults: Faults
  readonly auditLog: AuditLog
  readonly recorder: Recorder
}

/** Starts with machines, and without sessions. */
export function createState(options: VcenterSettings): VCenterState {
  const { username, password, lockoutAfter, vms } = options
  const account = createAccount(username, password, lockoutAfter)
  const auditLog = createAuditLog()
  return {
    ...{ username, account, auditLog },
    sessions: createSessions(account, options),
    machines: createMachines(Object.entries(vms).map(machine), auditLog),
    tasks: createTasks(options),
    categories: createCategories(auditLog),
    tags: createTags(auditLog),
    faults: createFaults(),
    recorder: createRecorder({ secretHeaders: ['vmware-api-session-id'] }),
  }
}

const machine = ([vm, power_state]: [string, PowerState], index: number): Vm => ({
  vm,
  name: `machine-${index + 1}`,
  power_state,
  cpu_count: 2,
  memory_size_MiB: 4096,
})
