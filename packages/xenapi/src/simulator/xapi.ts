import type { HttpHandler } from 'msw'
import type { XapiExecuted } from './audit-log.ts'
import { dispatcher } from './dispatch.ts'
import type { XapiFaults } from './faults.ts'
import type { Host } from './hosts.ts'
import { kill, promote, restart } from './lifecycle.ts'
import { methodsOf } from './methods/all.ts'
import { middleware } from './middleware.ts'
import { type Settings, settingsOf, type XapiSimulatorOptions } from './options.ts'
import { createXapiRecorder, type XapiCall, type XapiRecorder } from './record.ts'
import { createState, type State } from './state.ts'
import type { Struct } from './value.ts'

/** One host of a pool, for a server of its own. */
export interface XapiHost {
  readonly name: string
  readonly address: string
  /** For `serve(handlers)`, one server for each host: they answer at every origin. */
  readonly handlers: readonly HttpHandler[]
}

/** A XAPI pool in memory: its handlers, its record of calls and work, its state and its faults. Made by `xapi`. */
export class XapiPool {
  /** For `setupServer(...handlers)`: each host answers at its name and address; one host without a name answers at every origin. */
  readonly handlers: readonly HttpHandler[]
  /** Every request that arrived at a host, and its answer; logins included. */
  readonly calls: readonly XapiCall[]
  /** Work that was really carried out: compare with what callers were told. */
  readonly executed: readonly XapiExecuted[]
  /** Faults on command for single calls. */
  readonly faults: XapiFaults
  readonly #state: State
  readonly #recorder: XapiRecorder
  readonly #handlersOf: (hostOf: (url: URL) => Host | undefined) => readonly HttpHandler[]

  constructor(settings: Settings, isNamed: boolean) {
    const state = createState(settings)
    this.#recorder = createXapiRecorder(settings.password)
    const parts = { state, recorder: this.#recorder, dispatch: dispatcher(state, methodsOf(state)) }
    this.#state = state
    this.#handlersOf = (hostOf) => [middleware(parts, hostOf)]
    this.handlers = this.#handlersOf(({ hostname }) => (isNamed ? state.hosts.at(hostname) : state.hosts.master))
    this.calls = this.#recorder.calls
    this.executed = state.auditLog.executed
    this.faults = state.faults
  }

  /** One host, by its name. */
  host(name: string): XapiHost {
    const host = this.#state.hosts.named(name)
    return { name, address: host.address, handlers: this.#handlersOf(() => host) }
  }

  /** Name of the master. */
  get master(): string {
    return this.#state.hosts.master.name
  }

  /** The machines' records as they are now, by reference. */
  get vms(): ReadonlyMap<string, Struct> {
    return this.#state.database.all('VM')
  }

  /** Logins granted. */
  get logins(): number {
    return this.#state.sessions.logins
  }

  /** Logins refused: wrong password, a host that is not the master. */
  get refusedLogins(): number {
    return this.#state.sessions.refusedLogins
  }

  /** Live sessions. */
  get sessions(): number {
    return this.#state.sessions.live
  }

  /** Tasks that are not done yet. */
  get pendingTasks(): number {
    return this.#state.tasks.pending
  }

  /** Ends every session: the next call with one is SESSION_INVALID. */
  expireSessions(): void {
    this.#state.sessions.lose()
  }

  /** Forgets every task: a poll gets HANDLE_INVALID, and the outcome is unknown. */
  loseTasks(): void {
    this.#state.tasks.lose()
  }

  /** Restarts a host's toolstack. It is in emergency mode until `ready()`; if it is the master, all sessions and tasks are lost. @default the master */
  restart(name: string = this.master): void {
    restart(this.#state, this.#state.hosts.named(name))
  }

  /** Ends emergency mode. @default of every host */
  ready(name?: string): void {
    const { hosts } = this.#state
    for (const host of name === undefined ? hosts.all : [hosts.named(name)]) host.emergency = undefined
  }

  /** Puts a host into emergency mode: it answers nearly every call with this error, in an encoding that only emergency mode has. */
  emergency(name: string, code: string, ...params: readonly string[]): void {
    this.#state.hosts.named(name).emergency = { code, params }
  }

  /** Takes a host away: every connection to it closes without an answer. If it is the master, all sessions and tasks are lost. */
  kill(name: string): void {
    kill(this.#state, this.#state.hosts.named(name))
  }

  /** Brings a host back. */
  revive(name: string): void {
    this.#state.hosts.named(name).alive = true
  }

  /** Makes another host the master. All sessions and tasks are lost; the old master, if it is up, becomes a member. */
  promote(name: string): void {
    promote(this.#state, this.#state.hosts.named(name))
  }

  /** Forgets calls and executed work. Machines, sessions and counts stay. */
  clear(): void {
    this.#recorder.clear()
    this.#state.auditLog.clear()
  }
}

/**
 * A XAPI pool in memory, with a master and members, sessions, virtual machines, tasks and events; in XML-RPC and both JSON-RPCs.
 *
 * @example
 * const pool = xapi({ hosts: [{ name: 'xen-1.example', address: '10.0.0.1' }, { name: 'xen-2.example', address: '10.0.0.2' }] })
 * const server = setupServer(...pool.handlers)
 * server.listen({ onUnhandledFrame: 'error' })
 *
 * pool.faults.drop({ method: 'VM.hard_shutdown', when: 'after' })
 * pool.promote('xen-2.example')
 * expect(pool.executed).toMatchObject([{ action: 'VM.hard_shutdown', target: 'OpaqueRef:vm-1' }])
 */
export function xapi(options: XapiSimulatorOptions = {}): XapiPool {
  return new XapiPool(settingsOf(options), options.hosts !== undefined)
}
