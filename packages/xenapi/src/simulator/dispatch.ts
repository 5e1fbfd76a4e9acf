import type { Done } from './audit-log.ts'
import type { Host } from './hosts.ts'
import type { Method } from './methods/method.ts'
import { asFailure, refuse } from './refusal.ts'
import type { Outcome, RpcCall } from './rpc.ts'
import type { State } from './state.ts'
import type { Value } from './value.ts'

/** A call that has arrived at a host. */
export interface Arrival {
  readonly host: Host
  readonly signal: AbortSignal
  readonly done: Done
}

/** Carries out a call. Never throws. */
export type Dispatch = (call: RpcCall, arrival: Arrival) => Promise<Outcome>

/** Finds the method of a call and runs it, after the checks of emergency mode, session and number of parameters. */
export function dispatcher(state: State, methods: ReadonlyMap<string, Method>): Dispatch {
  const { sessions, tasks } = state

  function start({ method: wireName, params }: RpcCall, arrival: Arrival): Value | Promise<Value> {
    const { host } = arrival
    const isAsync = wireName.startsWith('Async.')
    const name = isAsync ? wireName.slice('Async.'.length) : wireName
    const method = methods.get(name) ?? refuse('MESSAGE_METHOD_UNKNOWN', wireName)
    if (isAsync && !method.async) refuse('Fault', `No async mode for this operation (rpc: ${wireName})`)
    const [session, args] = split(method, name, params)
    checkSession(host, method, session)
    const run = () => method.run({ ...arrival, session, args })
    if (!isAsync) return run()
    const object = typeof args[0] === 'string' ? args[0] : ''
    return tasks.submit({ name: wireName, host: host.ref, object, work: () => underFaults(name, host, run) })
  }

  function checkSession(host: Host, { session: kind = 'pool' }: Method, session: string): void {
    if (kind === 'none' || (kind === 'local' && host.localSessions.has(session))) return
    sessions.check(host, session)
  }

  /** The work of a task, to which a fault scripted for its method applies, too. */
  async function underFaults(method: string, host: Host, run: () => Value | Promise<Value>): Promise<Value> {
    fail(state, method, host, 'before')
    const value = await run()
    fail(state, method, host, 'after')
    return value
  }

  return async (call, arrival) => {
    const { host } = arrival
    if (host.emergency !== undefined && !methods.get(call.method)?.emergency) {
      return { failure: host.emergency, stashed: true }
    }
    try {
      return { value: await start(call, arrival) }
    } catch (error) {
      return { failure: asFailure(error) }
    }
  }
}

function split({ takes: [least, most], session }: Method, name: string, params: readonly Value[]) {
  const needsSession = session !== 'none'
  const [first, ...rest] = params
  const args = needsSession ? rest : params
  if (args.length < least || args.length > most || (needsSession && first === undefined)) {
    refuse('MESSAGE_PARAMETER_COUNT_MISMATCH', name, String(least), String(args.length))
  }
  return [needsSession ? String(first) : '', args] as const
}

function fail({ faults }: State, method: string, host: Host, when: 'before' | 'after'): void {
  const effect = faults.match({ method, host: host.name, when }, 'failure')
  if (effect?.type === 'failure') refuse(effect.failure.code, ...effect.failure.params)
}
