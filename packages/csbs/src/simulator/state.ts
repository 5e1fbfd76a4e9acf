import {
  type Clock,
  createClock,
  createPlannedFailures,
  type PlannedFailures,
  refuse,
} from '@holdfast/openstack/simulator'
import { type Backup, type Backups, type CsbsWork, createBackups } from './backups.ts'
import { noServer } from './messages.ts'
import type { CsbsSettings } from './options.ts'
import { createPolicies, type Policies, type Policy, serversOf } from './policies.ts'

/** The provider that every call must name. */
export const provider = 'fc4d5750-22e7-4798-8a46-f48f62c4c1da'

/** The whole state of the service. */
export interface CsbsState {
  readonly settings: CsbsSettings
  readonly clock: Clock
  readonly failures: PlannedFailures<CsbsWork>
  readonly backups: Backups
  readonly policies: Policies
}

/** Starts with servers and nothing else. */
export function createState(settings: CsbsSettings): CsbsState {
  const clock = createClock(settings.now)
  const failures = createPlannedFailures<CsbsWork>('backup', 'restore', 'delete')
  return {
    ...{ settings, clock, failures },
    backups: createBackups(settings, failures, clock),
    policies: createPolicies(settings),
  }
}

/** True while a run of the policy is making a backup. */
export const isExecuting = ({ backups }: CsbsState, { id }: Policy) =>
  backups.all().some(({ policy, work }) => policy === id && work?.kind === 'backup')

/** Refuses unless a server can be backed up now. */
export function assertProtectable({ settings, backups }: CsbsState, id: string): void {
  const server = settings.servers.get(id)
  if (server === undefined) noServer()
  if (server?.refuses !== undefined) refuse(server.refuses, `Server (${id}) is not supported.`)
  if (backups.atWorkOn(id, 'restore') !== undefined) refuse('CSBS.6005', `Server (${id}) is already in service.`)
  const running = backups.atWorkOn(id, 'backup')
  if (running !== undefined) assertNoRun(running)
}

/** Refuses; the message depends on who started the running backup. */
const assertNoRun = ({ auto }: Backup) =>
  auto ? refuse('CSBS.6030', 'auto plan executing') : refuse('CSBS.1001', 'The policy is executing backup.')

/** Refuses if so many more backups would exceed the quota. */
export function assertRoom({ settings, backups }: CsbsState, more: number): void {
  if (backups.all().length + more > settings.quota.backups) {
    refuse('CSBS.9006', "Quota exceeded for resources: ['backups']")
  }
}

/** Refuses unless the server can be restored from the backup. */
export function assertRestorable({ settings, backups }: CsbsState, backup: Backup, id: string): void {
  const server = settings.servers.get(id)
  if (server === undefined) noServer()
  if (server?.refuses !== undefined) refuse(server.refuses, `Server (${id}) is not supported.`)
  if (backups.atWorkOn(id, 'restore') !== undefined) refuse('CSBS.6015', 'The server is restoring.')
  if (backup.work !== undefined) refuse('CSBS.2003', 'item in executing')
  if (backup.ended !== 'available') refuse('CSBS.4000', 'checkpoint item not available')
}

/** Backs up the servers of a policy, by hand or by its schedule. Returns the checkpoint's identifier. Throws a `Refusal`. */
export function runPolicy(state: CsbsState, policy: Policy, auto: boolean): string {
  const running = state.backups.all().find(({ policy: id, work }) => id === policy.id && work?.kind === 'backup')
  if (running !== undefined) assertNoRun(running)
  const servers = serversOf(policy)
  if (servers.length === 0) refuse('CSBS.6032', 'plan has no resource backup')
  assertRoom(state, servers.length)
  for (const server of servers) assertProtectable(state, server)
  const checkpoint = crypto.randomUUID()
  for (const server of servers) {
    const name = `${auto ? 'autobk' : 'manualbk'}_${policy.name}`
    state.backups.create({ server, checkpoint, name, description: '', policy: policy.id, auto })
  }
  return checkpoint
}
