import type { HttpHandler } from 'msw'
import { dispatcher } from './dispatch.ts'
import type { XapiFaults } from './faults.ts'
import { gate } from './gate.ts'
import { endLife, type Host } from './hosts.ts'
import type { XapiExecuted } from './ledger.ts'
import { methodsOf } from './methods/all.ts'
import { defaults, type Settings, type XapiOptions } from './options.ts'
import { createXapiRecorder, type XapiCall, type XapiRecorder } from './record.ts'
import type { Struct } from './value.ts'
import { createWorld, type World } from './world.ts'

/** One host of a pool, to be served by itself. */
export interface XapiHost {
  readonly name: string
  readonly address: string
  /** For `serve(handlers)`, one server a host: they answer at every origin. */
  readonly handlers: readonly HttpHandler[]
}

/** A XAPI pool in memory: its handlers, what it saw and did, and what can be made to go wrong. Made by `xapi`. */
export class XapiPool {
  /** For `setupServer(...handlers)`: each host by its name and address, an only one that was not named at every origin. */
  readonly handlers: readonly HttpHandler[]
  /** Every request that a host saw and what it answered, logins included. */
  readonly calls: readonly XapiCall[]
  /** What was really done: compare with what callers were told. */
  readonly executed: readonly XapiExecuted[]
  /** What can be made to go wrong with single calls. */
  readonly faults: XapiFaults
  readonly #world: World
  readonly #recorder: XapiRecorder
  readonly #handlersOf: (hostOf: (url: URL) => Host | undefined) => readonly HttpHandler[]

  constructor(settings: Settings, isNamed: boolean) {
    const world = createWorld(settings)
    this.#recorder = createXapiRecorder(settings.password)
    const parts = { world, recorder: this.#recorder, dispatch: dispatcher(world, methodsOf(world)) }
    this.#world = world
    this.#handlersOf = (hostOf) => [gate(parts, hostOf)]
    this.handlers = this.#handlersOf(({ hostname }) => (isNamed ? world.hosts.at(hostname) : world.hosts.master))
    this.calls = this.#recorder.calls
    this.executed = world.ledger.executed
    this.faults = world.faults
  }

  /** One host, by its name. */
  host(name: string): XapiHost {
    const host = this.#world.hosts.named(name)
    return { name, address: host.address, handlers: this.#handlersOf(() => host) }
  }

  /** Name of the master. */
  get master(): string {
    return this.#world.hosts.master.name
  }

  /** The machines' records as they are now, by reference. */
  get vms(): ReadonlyMap<string, Struct> {
    return this.#world.database.all('VM')
  }

  /** Logins granted. */
  get logins(): number {
    return this.#world.sessions.logins
  }

  /** Logins refused: wrong password, a host that is not the master. */
  get refusedLogins(): number {
    return this.#world.sessions.refusedLogins
  }

  /** Live sessions. */
  get sessions(): number {
    return this.#world.sessions.live
  }

  /** Tasks that are not done yet. */
  get pendingTasks(): number {
    return this.#world.tasks.pending
  }

  /** Ends every session: the next call with one is SESSION_INVALID. */
  expireSessions(): void {
    this.#world.sessions.lose()
  }

  /** Forgets every task: asking after one is HANDLE_INVALID, its outcome unknown. */
  loseTasks(): void {
    this.#world.tasks.lose()
  }

  /** Restarts a host's toolstack. It is in emergency mode until `ready()`; with the master go all sessions and tasks. @default the master */
  restart(name: string = this.master): void {
    this.emergency(name, 'HOST_STILL_BOOTING')
    this.#end(this.#world.hosts.named(name))
  }

  /** Ends emergency mode. @default of every host */
  ready(name?: string): void {
    const { hosts } = this.#world
    for (const host of name === undefined ? hosts.all : [hosts.named(name)]) host.emergency = undefined
  }

  /** Puts a host into emergency mode: it answers nearly every call with this error, in an encoding of its own. */
  emergency(name: string, code: string, ...params: readonly string[]): void {
    this.#world.hosts.named(name).emergency = { code, params }
  }

  /** Takes a host away: every connection to it closes without an answer. With the master go all sessions and tasks. */
  kill(name: string): void {
    const host = this.#world.hosts.named(name)
    host.alive = false
    this.#end(host)
  }

  /** Brings a host back. */
  revive(name: string): void {
    this.#world.hosts.named(name).alive = true
  }

  /** Makes another host the master. All sessions and tasks are lost; the old master, if it lives, is a member now. */
  promote(name: string): void {
    const { hosts, database } = this.#world
    for (const host of hosts.all) endLife(host)
    hosts.master = hosts.named(name)
    database.change('pool', 'OpaqueRef:pool', { master: hosts.master.ref })
    this.expireSessions()
    this.loseTasks()
  }

  /** Forgets calls and executed work. Machines, sessions and counts stay. */
  clear(): void {
    this.#recorder.clear()
    this.#world.ledger.clear()
  }

  #end(host: Host): void {
    endLife(host)
    if (host !== this.#world.hosts.master) return
    this.expireSessions()
    this.loseTasks()
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
export function xapi(options: XapiOptions = {}): XapiPool {
  return new XapiPool({ ...defaults, ...options }, options.hosts !== undefined)
}
