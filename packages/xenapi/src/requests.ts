import type { RequestFacts } from '@holdfast/core/plugin'
import { isConsole, isHandler, streams } from './handlers.ts'
import { isLocal, isRead, isSessionCall, paceOf, relays } from './methods.ts'
import { callOf, type RpcCall } from './wire/call.ts'

/** XAPI takes every POST for a call that no handler of its own answers: `/`, `/RPC2`, `/json`, `/jsonrpc`, any other. */
export const isRpc = ({ method, path }: Pick<RequestFacts, 'method' | 'path'>): boolean =>
  method === 'POST' && !isHandler(path)

/** The call that a request makes; the body of anything else is not looked at. */
export const rpcOf = (request: RequestFacts): RpcCall | undefined => (isRpc(request) ? callOf(request) : undefined)

/**
 * Logins fail apart: a host that is waiting for its directory service still serves sessions that are open. So do imports
 * and exports: they meet storage, and say nothing of the database.
 */
export function scope(request: RequestFacts): 'login' | 'transfer' | 'rpc' {
  if (isHandler(request.path)) return 'transfer'
  const call = rpcOf(request)
  return call !== undefined && isSessionCall(call.method) ? 'login' : 'rpc'
}

/**
 * True where only the member that is asked can answer: a request about that very host, as for its statistics and its
 * streams. A call that cannot be read, its body being a stream or a `Blob`, may be of that kind.
 */
export function isHostBound(request: RequestFacts): boolean {
  if (!isRpc(request)) return isHandler(request.path)
  const call = callOf(request)
  return call === undefined || isLocal(call.method)
}

/** Whether the answer may be another pool's: the master that it names is that one's. */
export function isRelayed(request: RequestFacts): boolean {
  const call = rpcOf(request)
  return call !== undefined && relays(call.method)
}

/** Whether a request is known to change nothing; of a handler its HTTP method says so. */
export function isSafe(request: RequestFacts): boolean | undefined {
  if (isConsole(request.path)) return false
  const call = rpcOf(request)
  return call && isRead(call.method)
}

/**
 * Whether a request may be sent twice.
 *
 * - Reads may. A second logout finds nothing to end. A second login at worst leaves a session behind, which ends unused
 *   after 24 hours, or earlier as the oldest of 500 of its originator's.
 * - Nothing else may, whatever its HTTP method: every PUT to `/import` makes another machine, nothing knows an
 *   idempotency key, and a handler ends the task that it is given, so that it cannot be given again.
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

/** XAPI holds a call back for up to two hours while another works on the object; xen-orchestra gives each call one hour. */
const workingLimits = { timeout: hour, totalTimeout: 2 * hour } as const
/** All records of a large pool, a plan for all of it, another server's answer. */
const lookingLimits = { timeout: 5 * minute, totalTimeout: 15 * minute } as const
/** As long as XAPI itself lets a task stand without progress (`db_gc_util.ml`). */
const transferLimits = { timeout: 24 * hour, totalTimeout: 24 * hour } as const

/** What is slow by nature, and how slow. */
export function limits(request: RequestFacts): Limits | undefined {
  if (streams(request.path)) return transferLimits
  const call = rpcOf(request)
  return call && limitsOf(call)
}

/** What a call may take in milliseconds. */
export interface Limits {
  readonly timeout: number
  readonly totalTimeout: number
}

/** The limits of a call that is slow by nature. */
export function limitsOf(call: Pick<RpcCall, 'method' | 'params'>): Limits | undefined {
  if (call.method === 'event.from') return eventLimits(call)
  const pace = paceOf(call.method)
  return pace === 'quick' ? undefined : pace === 'looking' ? lookingLimits : workingLimits
}

/** `event.from(session, classes, token, seconds)` is silent for as long as it was asked to be. */
function eventLimits(call: Pick<RpcCall, 'params'>): Limits {
  const asked = Number(call.params()[3])
  const silent = Number.isFinite(asked) && asked > 0 ? asked * 1_000 : 0
  // Never less than any call has: where the token is empty, its answer is the whole database.
  const timeout = Math.min(Math.max(30_000, Math.ceil(silent * 1.1) + 5_000), transferLimits.timeout)
  return { timeout, totalTimeout: Math.max(5 * minute, 2 * timeout) }
}

/** Whether a request may fail after its `200`: calls always do. */
export const mayFailLate = (request: RequestFacts): boolean => isRpc(request) || streams(request.path)
