import type { RequestFacts } from '@holdfast/core/plugin'
import { isConsole, isHandler, streams } from './handlers.ts'
import { durationOf, isLocal, isRead, isSessionCall, mayRelay, nameOf } from './methods.ts'
import { callOf, type RpcCall } from './wire/call.ts'

/** True for a call: every POST that no handler answers, to `/`, `/RPC2`, `/json`, `/jsonrpc` or any other path. */
export const isRpc = ({ method, path }: Pick<RequestFacts, 'method' | 'path'>): boolean =>
  method === 'POST' && !isHandler(path)

/** The call in a request; `undefined` for any other request, whose body is not read. */
export const rpcOf = (request: RequestFacts): RpcCall | undefined => (isRpc(request) ? callOf(request) : undefined)

/**
 * The scope of a request. Logins have their own, because a host that waits for its directory service still serves open sessions.
 * Imports and exports have their own, because they depend on storage and say nothing about the database. A long poll for events
 * lasts until something happens, and must not take the place of another call.
 */
export function scope(request: RequestFacts): 'login' | 'transfer' | 'events' | 'rpc' {
  if (isHandler(request.path)) return 'transfer'
  const call = rpcOf(request)
  if (call === undefined) return 'rpc'
  return isSessionCall(call.method) ? 'login' : nameOf(call.method) === 'event.from' ? 'events' : 'rpc'
}

/**
 * True if only the member in the URL can answer: a request about that very host, such as for its statistics, or a stream. A call
 * that cannot be read, because its body is a stream or a `Blob`, may be one.
 */
export function isHostBound(request: RequestFacts): boolean {
  if (!isRpc(request)) return isHandler(request.path)
  const call = callOf(request)
  return call === undefined || isLocal(call.method)
}

/** True if an answer may contain another pool's error: a master that it names is that pool's. */
export function isRelayed(request: RequestFacts): boolean {
  const call = rpcOf(request)
  return call !== undefined && mayRelay(call.method)
}

/** True for a request that changes nothing; `undefined` for a handler, whose HTTP method tells. */
export function isSafe(request: RequestFacts): boolean | undefined {
  if (isConsole(request.path)) return false
  const call = rpcOf(request)
  return call && isRead(call.method)
}

/** True for a call, which is answered as XML or JSON (xen-api `api_server.ml`); a login has its own error for another answer. */
export const answersNoPage = (request: RequestFacts): boolean => {
  const call = rpcOf(request)
  return call !== undefined && !isSessionCall(call.method)
}

/**
 * True for a request that may be sent twice; `undefined` if its HTTP method tells.
 *
 * - Reads may be. A second logout finds no session. A second login at worst leaves a session behind, which ends after 24
 *   hours without use, or earlier as the oldest of 500 sessions of its originator.
 * - Nothing else may be, whatever its HTTP method: every PUT to `/import` makes another machine, XAPI knows no idempotency
 *   key, and a handler ends the task that it is given, so that the task cannot be given again.
 */
export function isRepeatable(request: RequestFacts): boolean | undefined {
  const { method, path, query } = request
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') {
    return isConsole(path) || new URLSearchParams(query).has('task_id') ? false : undefined
  }
  const call = rpcOf(request)
  return call !== undefined && (isRead(call.method) || isSessionCall(call.method))
}

const minute = 60_000
const hour = 60 * minute

/** Limits of calls that work. XAPI holds a call back for up to two hours while another works on the object; xen-orchestra gives each call one hour. */
const workLimits = { timeout: hour, totalTimeout: 2 * hour } as const
/** Limits of slow reads: all records of a large pool, a plan for all of it, another server's answer. */
const slowReadLimits = { timeout: 5 * minute, totalTimeout: 15 * minute } as const
/** Limits of streams: as long as XAPI itself keeps a task without progress (`db_gc_util.ml`). */
const transferLimits = { timeout: 24 * hour, totalTimeout: 24 * hour } as const

/** The time limits of a request that is slow by nature. */
export function limits(request: RequestFacts): Limits | undefined {
  if (streams(request.path)) return transferLimits
  const call = rpcOf(request)
  return call && limitsOf(call)
}

/** The milliseconds of a request's time limit. */
export interface Limits {
  readonly timeout: number
  readonly totalTimeout: number
}

function limitsOf(call: Pick<RpcCall, 'method' | 'params'>): Limits | undefined {
  if (call.method === 'event.from') return eventLimits(call)
  const duration = durationOf(call.method)
  return duration === 'lookup' ? undefined : duration === 'slow-read' ? slowReadLimits : workLimits
}

/** The limits of `event.from(session, classes, token, seconds)`, which may be silent for as many seconds as it is given. */
function eventLimits(call: Pick<RpcCall, 'params'>): Limits {
  const asked = Number(call.params()[3])
  const silent = Number.isFinite(asked) && asked > 0 ? asked * 1_000 : 0
  // Never less than any call has: with an empty token, the answer is the whole database.
  const timeout = Math.min(Math.max(30_000, Math.ceil(silent * 1.1) + 5_000), transferLimits.timeout)
  return { timeout, totalTimeout: Math.max(5 * minute, 2 * timeout) }
}

/** True for a request that may fail after its `200`: every call, and handlers that stream. */
export const mayFailLate = (request: RequestFacts): boolean => isRpc(request) || streams(request.path)
