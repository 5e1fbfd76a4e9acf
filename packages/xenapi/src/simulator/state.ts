import { type AuditLog, createAuditLog } from './audit-log.ts'
import { createDatabase, type Database } from './database.ts'
import { createFaults, type Faults } from './faults.ts'
import { createHosts, type Hosts } from './hosts.ts'
import type { Settings } from './options.ts'
import { hostRecord, networkRecord, poolRecord, srRecord, vmRecord } from './records.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createTasks, type Tasks } from './tasks.ts'

/** The whole state of a pool. */
export interface State {
  readonly settings: Settings
  readonly hosts: Hosts
  readonly database: Database
  readonly auditLog: AuditLog
  readonly sessions: Sessions
  readonly tasks: Tasks
  readonly faults: Faults
}

/** Starts with hosts, a pool and machines. */
export function createState(settings: Settings): State {
  const hosts = createHosts(settings.hosts)
  const database = createDatabase()
  const auditLog = createAuditLog()
  fill(database, hosts, settings)
  return {
    ...{ settings, hosts, database, auditLog },
    sessions: createSessions({ settings, database, hosts }),
    tasks: createTasks(settings, database),
    faults: createFaults(hosts),
  }
}

function fill(database: Database, hosts: Hosts, { vms }: Settings): void {
  const { master } = hosts
  hosts.all.forEach(({ ref, name, address }, index) => {
    database.add('host', ref, hostRecord({ uuid: uuidOf('a', index), name, address }))
  })
  database.add('pool', 'OpaqueRef:pool', poolRecord({ uuid: uuidOf('b', 0), name: 'pool', master: master.ref }))
  database.add('SR', 'OpaqueRef:sr', srRecord({ uuid: uuidOf('d', 0), name: 'Shared storage' }))
  database.add('network', 'OpaqueRef:network', networkRecord({ uuid: uuidOf('e', 0), name: 'Pool-wide network' }))
  Object.entries(vms).forEach(([name, spec], index) => {
    const { power, host = master.name } = typeof spec === 'string' ? { power: spec } : spec
    const hostRef = hosts.named(host).ref
    database.add('VM', `OpaqueRef:${name}`, vmRecord({ uuid: uuidOf('c', index), name, power, host: hostRef }))
  })
}

const uuidOf = (kind: 'a' | 'b' | 'c' | 'd' | 'e', index: number) =>
  `${kind.repeat(8)}-0000-4000-8000-${String(index + 1).padStart(12, '0')}`
