import { type MultiStep, multiSteps } from './catalogue/multi-steps.ts'
import { isOfClass } from './classes.ts'
import { isAsync, nameOf } from './methods.ts'
import type { RpcCall } from './wire/rpc-call.ts'

const stepsOf = new Map(multiSteps.flatMap((steps) => steps.methods.map((method) => [method, steps] as const)))

// gen_server.ml (a name of no class).
const extension: MultiStep = { methods: [], by: 'program' }

/** A call's steps; `undefined` for a call of one step. A task is submitted before its first one. */
function multiStepOf(method: string): MultiStep | undefined {
  if (isAsync(method)) return undefined
  const name = nameOf(method)
  return stepsOf.get(name) ?? (isOfClass(name) || method.startsWith('system.') ? undefined : extension)
}

/**
 * True if an error may come from a later step of its call, whatever its code means elsewhere. An error of a program is never
 * certain to be the server's own: a plug-in works with the session of its caller, so that even a refused session or a named master
 * may be an error of one of its steps.
 */
export function mayHaveBegun(call: RpcCall, code: string, params: readonly unknown[]): boolean {
  const steps = multiStepOf(call.method)
  if (steps === undefined || steps.before?.some((first) => covers(first, code))) return false
  if (steps.by === 'program') return !isMissing(call, code, params)
  if (NAME_THE_METHOD.has(code) && params[0] === call.method) return false
  if (steps.by === 'xapi' && BY_DISPATCHER.has(code)) return false
  // For steps within a pool, the pool uses its own sessions (`call_api_functions`, helpers.ml).
  if (code === 'SESSION_INVALID') return params.length > 0 && params[0] !== call.first?.text
  return !isAboutItsObject(call, code, params)
}

const covers = (first: string, code: string): boolean =>
  first.endsWith('*') ? code.startsWith(first.slice(0, -1)) : first === code

/**
 * True if the program that the call names does not exist (`find_plugin`, xapi_plugins.ml; `find_extension`, xapi_extensions.ml):
 * then nothing was run that could have called another program.
 */
const isMissing = (call: RpcCall, code: string, [named]: readonly unknown[]): boolean =>
  (code === 'XENAPI_MISSING_PLUGIN' || code === 'MESSAGE_METHOD_UNKNOWN') && named === call.params()[2]

/** Errors of the dispatcher, before it runs the method (`session_check.ml`, `rbac.ml`, `gen_server.ml`). */
const BY_DISPATCHER = new Set(['HOST_IS_SLAVE', 'RBAC_PERMISSION_DENIED', 'MESSAGE_REMOVED'])

/** The same, with the name of the method that was called (`server_helpers.ml`): no step within a pool calls the method again. */
const NAME_THE_METHOD = new Set(['MESSAGE_METHOD_UNKNOWN', 'MESSAGE_PARAMETER_COUNT_MISMATCH'])

/** Codes whose first parameter is the class of the object that the second names. */
const CLASS_FIRST = new Set(['HANDLE_INVALID', 'OTHER_OPERATION_IN_PROGRESS'])

/**
 * True for an error about the object that the call names: it is looked up and locked before any step, and the steps are about
 * other objects. Not for a host, because an error about what happens to it later names it as well.
 */
function isAboutItsObject(call: RpcCall, code: string, params: readonly unknown[]): boolean {
  const named = CLASS_FIRST.has(code) ? params[1] : nameOf(call.method).startsWith('host.') ? undefined : params[0]
  return typeof named === 'string' && named !== '' && named === call.params()[1]
}
