import type { HttpHandler } from 'msw'
import { type Call, createRecorder, type Recorder } from '../calls.ts'
import { type Account, createAccount } from './account.ts'
import { createCategories } from './categories.ts'
import { createTroubles, type FaultScope, type Troubles } from './faults.ts'
import { gate } from './gate.ts'
import { createLedger, type Executed, type Ledger } from './ledger.ts'
import { createMachines, type Machines, type PowerState, type Vm } from './machines.ts'
import { operationsOf } from './operations.ts'
import { defaults, type VCenterOptions } from './options.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createTasks, type Tasks } from './tasks.ts'

/** A vCenter in memory: its handlers, what it saw and did, and what can be made to go wrong. Made by `vcenter`. */
export class VCenter {
  /** For `setupServer(...handlers)` and `serve(handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** Every request it saw and what it answered, logins included. */
  readonly calls: readonly Call[]
  /** What it really did: compare with what callers were told. */
  readonly executed: readonly Executed[]
  readonly #ledger: Ledger = createLedger()
  readonly #recorder: Recorder = createRecorder(['vmware-api-session-id'])
  readonly #troubles: Troubles = createTroubles()
  readonly #account: Account
  readonly #sessions: Sessions
  readonly #machines: Machines
  readonly #tasks: Tasks

  constructor({ username, password, lockoutAfter, vms, pollsUntilDone, origin, ...limits }: Required<VCenterOptions>) {
    this.#account = createAccount(username, password, lockoutAfter)
    this.#sessions = createSessions(this.#account, limits)
    this.#machines = createMachines(Object.entries(vms).map(machine), this.#ledger)
    this.#tasks = createTasks(pollsUntilDone)
    const [sessions, machines, tasks, ledger] = [this.#sessions, this.#machines, this.#tasks, this.#ledger]
    const operations = operationsOf({ username, sessions, machines, tasks, categories: createCategories(ledger) })
    const parts = { origin, sessions, ledger, troubles: this.#troubles, recorder: this.#recorder }
    this.handlers = operations.map(gate(parts))
    this.calls = this.#recorder.calls
    this.executed = ledger.executed
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

  /** Refuses with SERVICE_UNAVAILABLE before any work, until `calm()`. Only a proxy before vCenter sends `Retry-After`. */
  overload({ retryAfter, ...scope }: FaultScope & { readonly retryAfter?: number | string } = {}): void {
    this.#troubles.add('overload', scope, { retryAfter })
  }

  /** The services behind the proxy are gone, until `recover()` or `restart()`: its bare 503, or no answer at all. */
  outage({ as, retryAfter, ...scope }: OutageOptions = {}): void {
    this.#troubles.add('outage', scope, { retryAfter, dropped: as === 'dropped' })
  }

  /** Ends the outage. */
  recover(): void {
    this.#troubles.end('outage')
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

  /** Answers this many milliseconds late, until `calm()`. */
  slow(ms: number, scope: FaultScope = {}): void {
    this.#troubles.add('slow', scope, { ms })
  }

  /** Does the work, then drops the connection: once, unless told otherwise. Strikes only requests that have work done. */
  dropAfterWork(scope: FaultScope = {}): void {
    this.#troubles.add('drop-after-work', { times: 1, ...scope })
  }

  /** Drops the connection and does nothing: once, unless told otherwise. */
  dropBeforeWork(scope: FaultScope = {}): void {
    this.#troubles.add('drop-before-work', { times: 1, ...scope })
  }

  /** Forgets every task: asking after one is NOT_FOUND, its outcome unknown. */
  loseTasks(): void {
    this.#tasks.lose()
  }

  /** Ends every scripted fault. */
  calm(): void {
    this.#troubles.end()
    this.#machines.release()
  }

  /** Forgets calls and executed work. Machines, sessions and counts stay. */
  clear(): void {
    this.#recorder.clear()
    this.#ledger.clear()
  }
}

/** How an outage shows. */
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
export function vcenter(options: VCenterOptions = {}): VCenter {
  return new VCenter({ ...defaults, ...options })
}

const machine = ([vm, power_state]: [string, PowerState], index: number): Vm => ({
  vm,
  name: `machine-${index + 1}`,
  power_state,
  cpu_count: 2,
  memory_size_MiB: 4096,
})
