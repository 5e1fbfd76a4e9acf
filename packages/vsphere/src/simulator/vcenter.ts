import { checkSettings, oneOf, type RecordedCall } from '@holdfast/testing/simulator-kit'
import type { HttpHandler } from 'msw'
import type { Executed } from './audit-log.ts'
import type { FaultScope } from './faults.ts'
import type { Vm } from './machines.ts'
import { middleware } from './middleware.ts'
import { operationsOf } from './operations.ts'
import { settingsOf, type VcenterSettings, type VcenterSimulatorOptions } from './options.ts'
import { createState, type VCenterState } from './state.ts'
import { faultsOf, type VCenterFaults } from './vcenter-faults.ts'

/** A vCenter in memory: its handlers, its record of calls and work, its state and its faults. Made by `vcenter`. */
export class VCenter {
  /** For `setupServer(...handlers)` and `serve(handlers)`. */
  readonly handlers: readonly HttpHandler[]
  /** Every request that arrived, and its answer; logins included. */
  readonly calls: readonly RecordedCall[]
  /** Work that was really carried out: compare with what callers were told. */
  readonly executed: readonly Executed[]
  /** Faults on command. */
  readonly faults: VCenterFaults
  readonly #state: VCenterState

  constructor(options: VcenterSettings) {
    const state = createState(options)
    this.handlers = operationsOf(state).map(middleware({ ...state, origin: options.origin }))
    this.calls = state.recorder.calls
    this.executed = state.auditLog.executed
    this.faults = faultsOf(state)
    this.#state = state
  }

  /** The machines as they are now. */
  get vms(): readonly Vm[] {
    return this.#state.machines.vms
  }

  /** Logins granted. */
  get logins(): number {
    return this.#state.sessions.logins
  }

  /** Logins refused: wrong password, locked account, too many sessions. */
  get refusedLogins(): number {
    return this.#state.sessions.refusedLogins
  }

  /** Live sessions. */
  get sessions(): number {
    return this.#state.sessions.live
  }

  /** True after too many wrong passwords: now the right one is refused with the same answer. */
  get locked(): boolean {
    return this.#state.account.locked
  }

  /** Unlocks the account. */
  unlock(): void {
    this.#state.account.unlock()
  }

  /** Ends every session: the next request with one gets a 401. */
  expireSessions(): void {
    this.#state.sessions.expireAll()
  }

  /** Forgets every task: a poll gets NOT_FOUND, and the outcome is unknown. */
  loseTasks(): void {
    this.#state.tasks.lose()
  }

  /** The services behind the proxy are down until `recover()` or `restart()`: its bare 503, or no answer at all. */
  outage({ as, retryAfter, ...scope }: OutageOptions = {}): void {
    checkSettings('faults', { as }, { as: oneOf('no-healthy-upstream', 'dropped') })
    this.#state.faults.add('outage', scope, { retryAfter, dropped: as === 'dropped' })
  }

  /** Ends the outage. */
  recover(): void {
    this.#state.faults.clear('outage')
  }

  /** Ends the outage, and with it every session and every task. */
  restart(): void {
    this.recover()
    this.expireSessions()
    this.loseTasks()
  }

  /** Forgets calls and executed work. Machines, sessions and counts stay. */
  clear(): void {
    this.#state.recorder.clear()
    this.#state.auditLog.clear()
  }
}

/** The answers during an outage. */
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
 * vc.faults.drop({ when: 'after' })
 * await client(`${url}/api/vcenter/vm/vm-1/power?action=start`, { method: 'POST' }).catch(() => {})
 * expect(vc.executed).toHaveLength(1)
 */
export function vcenter(options: VcenterSimulatorOptions = {}): VCenter {
  return new VCenter(settingsOf(options))
}
