import { type Call, createRecorder, type Recorder } from '@holdfast/testing/simulator-kit'
import type { HttpHandler } from 'msw'
import { type Account, createAccount } from './account.ts'
import { type AuditLog, createAuditLog, type Executed } from './audit-log.ts'
import { createCategories } from './categories.ts'
import { createFaults, type FaultScope, type Faults } from './faults.ts'
import { createMachines, type Machines, type PowerState, type Vm } from './machines.ts'
import { middleware } from './middleware.ts'
import { operationsOf } from './operations.ts'
import { defaults, type VcenterSimulatorOptions } from './options.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createTasks, type Tasks } from './tasks.ts'

/** A vCenter in memory: its handlers, what it saw and did, and what can be made to go wrong. Made by `vcenter`. */
export class VCenter {
  /** For `setupServer(...handlers)` and `serve(handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** Every request it saw and what it answered, logins included. */
  readonly calls: readonly Call[]
  /** Work really done: compare with what callers were told. */
  readonly executed: readonly Executed[]
  readonly #auditLog: AuditLog = createAuditLog()
  readonly #recorder: Recorder = createRecorder({ secretHeaders: ['vmware-api-session-id'] })
  readonly #faults: Faults = createFaults()
  readonly #account: Account
  readonly #sessions: Sessions
  readonly #machines: Machines
  readonly #tasks: Tasks

  constructor({
    username,
    password,
    lockoutAfter,
    vms,
    pollsUntilDone,
    origin,
    ...limits
  }: Required<VcenterSimulatorOptions>) {
    this.#account = createAccount(username, password, lockoutAfter)
    this.#sessions = createSessions(this.#account, limits)
    this.#machines = createMachines(Object.entries(vms).map(machine), this.#auditLog)
    this.#tasks = createTasks(pollsUntilDone)
    const [sessions, machines, tasks, auditLog] = [this.#sessions, this.#machines, this.#tasks, this.#auditLog]
    const operations = operationsOf({ username, sessions, machines, tasks, categories: createCategories(auditLog) })
    const parts = { origin, sessions, auditLog, faults: this.#faults, recorder: this.#recorder }
    this.handlers = operations.map(middleware(parts))
    this.calls = this.#recorder.calls
    this.executed = auditLog.executed
  }

  /** The machines as they are now. */
  get vms(): readonly Vm[] {
    return this.#machines.vms
  }

  /** Logins granted. */
  get logins(): number {
    return this.#sessions.logins
  }

  /** Logins refused: wrong password, locked account, too many sessions. */
  get refusedLogins(): number {
    return this.#sessions.refusedLogins
  }

  /** Live sessions. */
  get sessions(): number {
    return this.#sessions.live
  }

  /** True after too many wrong passwords: the right one is refused now, with the same words. */
  get locked(): boolean {
    return this.#account.locked
  }

  /** Opens the account again. */
  unlock(): void {
    this.#account.unlock()
  }

  /** Ends every session: the next request with one gets a 401. */
  expireSessions(): void {
    this.#sessions.expireAll()
  }

  /** Refuses with SERVICE_UNAVAILABLE before any work, until `clearFaults()`. Only a proxy before vCenter sends `Retry-After`. */
  overload({ retryAfter, ...scope }: FaultScope & { readonly retryAfter?: number | string } = {}): void {
    this.#faults.add('overload', scope, { retryAfter })
  }

  /** The services behind the proxy are gone, until `recover()` or `restart()`: its bare 503, or no answer at all. */
  outage({ as, retryAfter, ...scope }: OutageOptions = {}): void {
    this.#faults.add('outage', scope, { retryAfter, dropped: as === 'dropped' })
  }

  /** Ends the outage. */
  recover(): void {
    this.#faults.clear('outage')
  }

  /** Ends the outage, and with it every session and every task. */
  restart(): void {
    this.recover()
    this.expireSessions()
    this.loseTasks()
  }

  /** Refuses the next changes of a machine with RESOURCE_BUSY. */
  busy(vm: string, times = 1): void {
    this.#machines.occupy(vm, times)
  }

  /** Answers this many milliseconds late, until `clearFaults()`. */
  slow(ms: number, scope: FaultScope = {}): void {
    this.#faults.add('slow', scope, { ms })
  }

  /** Does the work, then drops the connection: once, unless told otherwise. Applies only to requests that have work done. */
  dropAfterWork(scope: FaultScope = {}): void {
    this.#faults.add('drop-after-work', { times: 1, ...scope })
  }

  /** Drops the connection and does nothing: once, unless told otherwise. */
  dropBeforeWork(scope: FaultScope = {}): void {
    this.#faults.add('drop-before-work', { times: 1, ...scope })
  }

  /** Forgets every task: asking after one is NOT_FOUND, its outcome unknown. */
  loseTasks(): void {
    this.#tasks.lose()
  }

  /** Ends every scripted fault. */
  clearFaults(): void {
    this.#faults.clear()
    this.#machines.release()
  }

  /** Forgets calls and executed work. Machines, sessions and counts stay. */
  clear(): void {
    this.#recorder.clear()
    this.#auditLog.clear()
  }
}

/** The look of an outage. */
export interface OutageOptions extends FaultScope {
  /** The proxy's 503, or a connection that closes without an answer. @default 'no-healthy-upstream' */
  readonly as?: 'no-healthy-upstream' | 'dropped'
  /** `Retry-After` of the proxy's 503. @default none */
  readonly retryAfter?: number | string
}

/**
 * A vCenter in memory, with sessions, virtual machines, tag categories and tasks, on `/api` and on the older `/rest`.
 *
 * @example
 * const vc = vcenter({ vms: { 'vm-1': 'POWERED_OFF' } })
 * const server = setupServer(...vc.handlers)
 * server.listen({ onUnhandledFrame: 'error' })
 *
 * vc.dropAfterWork()
 * await client(`${url}/api/vcenter/vm/vm-1/power?action=start`, { method: 'POST' }).catch(() => {})
 * expect(vc.executed).toHaveLength(1)
 */
export function vcenter(options: VcenterSimulatorOptions = {}): VCenter {
  return new VCenter({ ...defaults, ...options })
}

const machine = ([vm, power_state]: [string, PowerState], index: number): Vm => ({
  vm,
  name: `machine-${index + 1}`,
  power_state,
  cpu_count: 2,
  memory_size_MiB: 4096,
})
