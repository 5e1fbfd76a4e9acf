import type { Operation, WorkFailure } from '@holdfast/openstack/simulator'
import {
  type AuditLog,
  type CloudExecuted,
  type CloudFaults,
  checkToken,
  createAuditLog,
  createFaults,
  createThrottle,
  gatewayReply,
  middleware,
  newHex,
  Refusal,
} from '@holdfast/openstack/simulator'
import { type Call, createRecorder, type Recorder } from '@holdfast/testing/simulator-kit'
import type { HttpHandler } from 'msw'
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

/** A Cloud Server Backup Service in memory: its handlers, what it saw and did, and what can be made to go wrong. Made by `csbsServer`. */
export class CsbsService {
  /** For `setupServer(...handlers)` and `serve(handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** Every request it saw and what it, or the gateway in front of it, answered. */
  readonly calls: readonly Call[]
  /** Work really done: compare with what callers were told. */
  readonly executed: readonly CloudExecuted[]
  /** Faults on command for single requests. */
  readonly faults: CloudFaults
  readonly #state: CsbsState
  readonly #recorder: Recorder = createRecorder({ secretHeaders: ['x-auth-token'] })
  readonly #auditLog: AuditLog = createAuditLog()

  constructor(options: CsbsSimulatorOptions) {
    const settings = settingsOf(options)
    const { keystone, staleToken, url: base } = settings
    const state = createState(settings)
    const faults = createFaults()
    const unknown: Operation[] = base === '' ? [] : [{ open: true, path: '/*', run: noSuchApi }]
    const enter = middleware({
      ...{ base, faults, clock: state.clock, recorder: this.#recorder, auditLog: this.#auditLog },
      front: createThrottle(settings.throttle, state.clock),
      check: (request, { project = '' }) => checkToken(keystone, staleToken, { request, project, looker: 'gateway' }),
      write: writeRefusal,
      malformed: () => new Refusal('CSBS.9001', 'request body invalid'),
      headers: () => ({ 'x-request-id': newHex() }),
    })
    const operations = [...protectOperations(state), ...backupOperations(state), ...policyOperations(state), ...unknown]
    this.handlers = operations.map(enter)
    this.calls = this.#recorder.calls
    this.executed = this.#auditLog.executed
    this.faults = faults
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

  /** The next work of this kind that is taken on ends in failure: told with 200, in the record of the backup. */
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

  /** Turns its clock forward; that of the identity service has its own. */
  advance(ms: number): void {
    this.#state.clock.advance(ms)
  }

  /** Ends every scripted fault, those of work yet to come included. */
  clearFaults(): void {
    this.faults.clear()
    this.#state.failures.clear()
  }

  /** Forgets calls and executed work. Backups and policies stay. */
  clear(): void {
    this.#recorder.clear()
    this.#auditLog.clear()
  }
}

const noSuchApi = () => gatewayReply('APIG.0101', 'API does not exist or is not published in the environment.')

/**
 * A Cloud Server Backup Service in memory: backups, restores and deletions that take time, policies, quotas, a gateway in front.
 *
 * No request has a key that tells a repetition from another one: a create that is sent twice makes two backups.
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
