import { CloudService, newHex, Refusal, type WorkFailure } from '@holdfast/openstack/simulator'
import { backupOperations } from './backup-operations.ts'
import type { CsbsWork } from './backups.ts'
import { writeRefusal } from './messages.ts'
import { type CsbsSimulatorOptions, settingsOf } from './options.ts'
import { policyOperations } from './policy-operations.ts'
import { protectOperations } from './protect-operations.ts'
import { recordOf } from './record.ts'
import { type CsbsState, createState, runPolicy } from './state.ts'

/** A backup of a server as `GET /checkpoint_items` has it. */
export type CsbsBackup = ReturnType<typeof recordOf>

/** A Cloud Server Backup Service in memory: its handlers, its record of calls and work, and its faults on command. Made by `csbsServer`. */
export class CsbsService extends CloudService {
  readonly #state: CsbsState

  constructor(options: CsbsSimulatorOptions) {
    const settings = settingsOf(options)
    const { keystone, staleToken, throttle, url: base } = settings
    const state = createState(settings)
    const { clock, failures } = state
    super({
      ...{ base, clock, failures, keystone, staleToken, throttle },
      family: () => 'gateway',
      write: writeRefusal,
      malformed: () => new Refusal('CSBS.9001', 'request body invalid'),
      headers: () => ({ 'x-request-id': newHex(), date: new Date(clock.now()).toUTCString() }),
      operations: [...protectOperations(state), ...backupOperations(state), ...policyOperations(state)],
    })
    this.#state = state
  }

  /** The backups as they are now. */
  get backups(): readonly CsbsBackup[] {
    const { backups, settings } = this.#state
    return backups.all().map((backup) => recordOf(backup, backups, settings.servers.get(backup.server)))
  }

  /** Identifiers of the policies. */
  get policies(): readonly string[] {
    return this.#state.policies.all.map(({ id }) => id)
  }

  /** Runs a policy as its schedule does: it is executing until its backups are made. */
  runSchedule(policy: string): void {
    const found = this.#state.policies.find(policy)
    if (found === undefined) throw new TypeError(`No policy has the identifier ${JSON.stringify(policy)}.`)
    runPolicy(this.#state, found, true)
  }

  /** The next work of this kind that is accepted ends in failure: reported with status 200 in the record of the backup. */
  failWork(kind: CsbsWork, failure: WorkFailure): void {
    this.#state.failures.plan(kind, failure)
  }

  /** Makes an image of a backup, which then cannot be deleted (CSBS.8007); `undefined` deletes the image. */
  setImage(backup: string, image: string | undefined): void {
    const found = this.#state.backups.find(backup)
    if (found === undefined) throw new TypeError(`No backup has the identifier ${JSON.stringify(backup)}.`)
    if (image === undefined) delete found.image
    else found.image = image
  }
}

/**
 * A Cloud Server Backup Service in memory: backups, restores and deletions that take time, policies, quotas, a gateway in front.
 *
 * No request has a key by which the service recognises a repetition: a create that is sent twice makes two backups.
 *
 * @example
 * const identity = keystoneServer()
 * const backups = csbsServer({ keystone: identity, servers: ['server-1'], quota: { backups: 3 } })
 * const server = setupServer(...identity.handlers, ...backups.handlers)
 * server.listen({ onUnhandledFrame: 'error' })
 *
 * backups.faults.drop({ method: 'POST', when: 'after' })
 * expect(backups.executed).toMatchObject([{ action: 'backup.create', target: 'server-1' }])
 */
export function csbsServer(options: CsbsSimulatorOptions): CsbsService {
  return new CsbsService(options)
}
