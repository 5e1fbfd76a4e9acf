import type { HttpHandler } from 'msw'
import { type Call, createRecorder, type Recorder } from '../../calls.ts'
import { type CloudFaults, createFaults } from '../faults.ts'
import { gate } from '../gate.ts'
import { gatewayReply, newHex } from '../gateway.ts'
import { type CloudExecuted, createLedger, type Ledger } from '../ledger.ts'
import type { Operation } from '../operation.ts'
import { createThrottle } from '../throttle.ts'
import { checkToken } from '../token-check.ts'
import type { VbsFailure, VbsWork } from './backups.ts'
import { cloudOperations } from './cloud-operations.ts'
import { nativeOperations } from './native-operations.ts'
import type { VbsOptions } from './options.ts'
import { policyOperations } from './policy-operations.ts'
import { recordOf } from './record.ts'
import { familyOf, malformed, writeRefusal } from './words.ts'
import { createWorld, runPolicy, type VbsWorld } from './world.ts'

/** A backup of a disk as `GET /v3/{project}/backups/detail` has it. */
export type VbsBackup = ReturnType<typeof recordOf>

/** A Volume Backup Service in memory: its handlers, what it saw and did, and what can be made to go wrong. Made by `vbs`. */
export class VbsService {
  /** For `setupServer(...handlers)` and `serve(handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** Every request it saw and what it, or the gateway in front of it, answered. */
  readonly calls: readonly Call[]
  /** What it really did: compare with what callers were told. */
  readonly executed: readonly CloudExecuted[]
  /** What can be made to go wrong with single requests. */
  readonly faults: CloudFaults
  readonly #world: VbsWorld
  readonly #recorder: Recorder = createRecorder(['x-auth-token'])
  readonly #ledger: Ledger = createLedger()

  constructor(options: VbsOptions) {
    const world = createWorld(options)
    const { keystone, staleToken, url: base, throttle } = world.settings
    const faults = createFaults()
    const unknown: Operation[] = base === '' ? [] : [{ open: true, path: '/*', run: noSuchApi }]
    const enter = gate({
      ...{ base, faults, malformed, clock: world.clock, recorder: this.#recorder, ledger: this.#ledger },
      front: createThrottle(throttle, world.clock),
      check: (request, { project = '' }) =>
        checkToken(keystone, staleToken, { request, project, looker: familyOf(request) }),
      write: writeRefusal,
      headers: headersOf,
    })
    const operations = [...cloudOperations(world), ...nativeOperations(world), ...policyOperations(world), ...unknown]
    this.handlers = operations.map(enter)
    this.calls = this.#recorder.calls
    this.executed = this.#ledger.executed
    this.faults = faults
    this.#world = world
  }

  /** The backups as they are now. */
  get backups(): readonly VbsBackup[] {
    const place = { origin: '', project: this.#world.settings.keystone.projects[0]?.id ?? '', version: 'v3' }
    return this.#world.backups.all().map((backup) => recordOf(backup, place, this.#world))
  }

  /** Identifiers of the policies. */
  get policies(): readonly string[] {
    return this.#world.policies.all.map(({ id }) => id)
  }

  /** Runs a policy as its schedule does: it is executing until its backups are made. */
  runSchedule(policy: string): void {
    const found = this.#world.policies.find(policy)
    if (found === undefined) throw new TypeError(`No policy has the identifier ${JSON.stringify(policy)}.`)
    runPolicy(this.#world, found)
  }

  /** The next work of this kind that is taken on ends in failure: told with 200, in the records of job and backup. */
  failWork(kind: VbsWork, failure: VbsFailure): void {
    this.#world.failures.plan(kind, failure)
  }

  /** Forgets every job: asking after one is common.0011 with 404, while the work goes on. */
  loseJobs(): void {
    this.#world.jobs.lose()
  }

  /** Turns its clock forward; that of the identity service has its own. */
  advance(ms: number): void {
    this.#world.clock.advance(ms)
  }

  /** Ends every scripted fault, those of work yet to come included. */
  calm(): void {
    this.faults.clear()
    this.#world.failures.clear()
  }

  /** Forgets calls and executed work. Backups and policies stay. */
  clear(): void {
    this.#recorder.clear()
    this.#ledger.clear()
  }
}

const noSuchApi = () => gatewayReply('APIG.0101', 'API does not exist or is not published in the environment.')

const headersOf = (request: Request): Record<string, string> =>
  familyOf(request) === 'native'
    ? { 'openstack-api-version': 'volume 3.0', 'x-openstack-request-id': `req-${crypto.randomUUID()}` }
    : { 'x-request-id': newHex() }

/**
 * A Volume Backup Service in memory: its own calls with their jobs, OpenStack's, policies, quotas, a gateway in front.
 *
 * No request has a key that tells a repetition from another one: a create that is sent twice, with nothing under way,
 * makes two backups.
 *
 * @example
 * const identity = keystone()
 * const backups = vbsServer({ keystone: identity, volumes: ['volume-1'], durations: { backup: 60_000 } })
 * const server = setupServer(...identity.handlers, ...backups.handlers)
 * server.listen({ onUnhandledFrame: 'error' })
 *
 * backups.failWork('backup', { code: 'VolumeBackup.0064', reason: 'The store is gone.', inSubJob: true })
 */
export function vbsServer(options: VbsOptions): VbsService {
  return new VbsService(options)
}
