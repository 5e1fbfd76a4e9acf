import { CloudService, newHex } from '@holdfast/openstack/simulator'
import type { VbsFailure, VbsWork } from './backups.ts'
import { cloudOperations } from './cloud-operations.ts'
import { familyOf, malformed, writeRefusal } from './messages.ts'
import { nativeOperations } from './native-operations.ts'
import type { VbsSimulatorOptions } from './options.ts'
import { policyOperations } from './policy-operations.ts'
import { recordOf } from './record.ts'
import { createState, runPolicy, type VbsState } from './state.ts'

/** A backup of a disk as `GET /v3/{project}/backups/detail` has it. */
export type VbsBackup = ReturnType<typeof recordOf>

/** A Volume Backup Service in memory: its handlers, its record of calls and work, and its faults on command. Made by `vbsServer`. */
export class VbsService extends CloudService {
  readonly #state: VbsState

  constructor(options: VbsSimulatorOptions) {
    const state = createState(options)
    const { clock, failures } = state
    const { keystone, staleToken, throttle, url: base } = state.settings
    super({
      ...{ base, clock, failures, keystone, staleToken, throttle, malformed },
      family: familyOf,
      write: writeRefusal,
      headers: (request) => ({ ...headersOf(request), date: new Date(clock.now()).toUTCString() }),
      operations: [...cloudOperations(state), ...nativeOperations(state), ...policyOperations(state)],
    })
    this.#state = state
  }

  /** The backups as they are now. */
  get backups(): readonly VbsBackup[] {
    const place = { origin: '', project: this.#state.settings.keystone.projects[0]?.id ?? '', version: 'v3' }
    return this.#state.backups.all().map((backup) => recordOf(backup, place, this.#state))
  }

  /** Identifiers of the policies. */
  get policies(): readonly string[] {
    return this.#state.policies.all.map(({ id }) => id)
  }

  /** Runs a policy as its schedule does: it is executing until its backups are made. */
  runSchedule(policy: string): void {
    const found = this.#state.policies.find(policy)
    if (found === undefined) throw new TypeError(`No policy has the identifier ${JSON.stringify(policy)}.`)
    runPolicy(this.#state, found)
  }

  /** The next work of this kind that is accepted ends in failure: reported with status 200 in the records of job and backup. */
  failWork(kind: VbsWork, failure: VbsFailure): void {
    this.#state.failures.plan(kind, failure)
  }

  /** Forgets every job: a poll gets common.0011 with 404, while the work goes on. */
  loseJobs(): void {
    this.#state.jobs.lose()
  }
}

const headersOf = (request: Request): Record<string, string> =>
  familyOf(request) === 'native'
    ? { 'openstack-api-version': 'volume 3.0', 'x-openstack-request-id': `req-${crypto.randomUUID()}` }
    : { 'x-request-id': newHex() }

/**
 * A Volume Backup Service in memory: its own calls with their jobs, OpenStack's, policies, quotas, a gateway in front.
 *
 * No request has a key by which the service recognises a repetition: a create that is sent twice, with nothing under way,
 * makes two backups.
 *
 * @example
 * const identity = keystoneServer()
 * const backups = vbsServer({ keystone: identity, volumes: ['volume-1'], durations: { backup: 60_000 } })
 * const server = setupServer(...identity.handlers, ...backups.handlers)
 * server.listen({ onUnhandledFrame: 'error' })
 *
 * backups.failWork('backup', { code: 'VolumeBackup.0064', reason: 'The store is gone.', inSubJob: true })
 */
export function vbsServer(options: VbsSimulatorOptions): VbsService {
  return new VbsService(options)
}
