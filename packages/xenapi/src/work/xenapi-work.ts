import { isObject, type RequestFacts, type VendorWork, type WorkName, type WorkRequest } from '@holdfast/core/plugin'
import { FORMATS } from '../format-fallback.ts'
import { isAsync, nameOf } from '../methods.ts'
import { sessionPlaceholder } from '../placeholder.ts'
import { aimsAtState, isTrue } from '../power-states.ts'
import { rpcOf } from '../requests.ts'
import { isReference, verificationFor } from '../verification.ts'
import { readAnswer } from '../wire/answer.ts'
import { type Format, type RpcCall, writeCall } from '../wire/call.ts'
import { UNKNOWN } from '../wire/rpc-answer.ts'
import { isUuid, reportOf, reportsIn, reportsOf } from './task-report.ts'

/** Seconds of a long poll by `event.from`. With a fraction: XML-RPC would write a whole number as an integer. */
const HELD = 30.1
/** Refusals that mean that this host has no long polls, or none for this user. */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'MESSAGE_METHOD_UNKNOWN',
  'MESSAGE_PARAMETER_COUNT_MISMATCH',
  'RBAC_PERMISSION_DENIED',
])

/**
 * The tasks of XenAPI: what a call such as `Async.VM.clone` begins. Long polls report their changes (`event.from`). While these
 * fail, one task is polled by its record, and several by the records of all tasks.
 */
export const xenapiWork: VendorWork = {
  vendor: 'xenapi',
  begun({ text, request }) {
    const call = rpcOf(request)
    if (call === undefined || !isAsync(call.method)) return undefined
    const answer = readAnswer(text)
    const value = answer?.type === 'success' ? answer.value : undefined
    if (typeof value === 'string' && value !== '') return workOf(value, call)
    return { fault: { code: UNKNOWN, message: `The answer to ${call.method} cannot be read.` } }
  },
  ask(works) {
    const [work] = works
    return works.length === 1 && !isUuid(work.id)
      ? { ...request(work, 'task.get_record', work.id), about: works }
      : { ...request(work, 'task.get_all_records'), about: works }
  },
  read({ text }, about) {
    const answer = readAnswer(text)
    if (answer?.type !== 'success') return undefined
    const [only, ...others] = about
    if (only !== undefined && others.length === 0 && !isUuid(only.id))
      return new Map([[only.id, reportOf(answer.value, only)]])
    return isObject(answer.value) ? reportsOf(answer.value, about) : undefined
  },
  readRefusal: (fault, { id }) =>
    fault.code === 'HANDLE_INVALID' && fault.params?.[1] === id ? { status: 'lost', fault } : undefined,
  cancel: (work) => (isUuid(work.id) ? undefined : request(work, 'task.cancel', work.id)),
  // Otherwise the task would stay for another hour, and count towards the 200 tasks that a pool keeps.
  clear: (work) => request(work, 'task.destroy', work.id),
  verifyWith: ({ facts }) => verificationFor(facts?.method, facts?.object),
  find(start) {
    const search = searchOf(start)
    return search && request(workOf('', search.call), 'VM.get_current_operations', search.machine)
  },
  found({ text }, start) {
    const answer = readAnswer(text)
    const search = searchOf(start)
    if (search === undefined || answer?.type !== 'success' || !isObject(answer.value)) return undefined
    const tasks = Object.entries(answer.value).filter(([, operation]) => operation === search.operation)
    const [only, ...others] = tasks
    return only === undefined || others.length > 0 ? undefined : workOf(only[0], search.call)
  },
  isAchieved: ({ code, params }, start) => {
    const { machine, operation } = searchOf(start) ?? {}
    return code === 'HANDLE_INVALID' && operation === 'destroy' && params?.[1] === machine
  },
  longPoll: {
    ask: (work, token = '') => request(work, 'event.from', ['task'], token, HELD),
    read({ text }, works) {
      const answer = readAnswer(text)
      const value = answer?.type === 'success' && isObject(answer.value) ? answer.value : {}
      const { token, events } = value
      if (typeof token !== 'string' || !Array.isArray(events)) return undefined
      return { token, reports: reportsIn(events, works) }
    },
    isUnsupported: ({ code }) => UNSUPPORTED.has(code),
  },
}

/** A task with what its end is read by: no parameter but references, for any other may be a secret. */
function workOf(id: string, { format, method, params }: RpcCall): WorkName {
  const [, object, paused] = params()
  return {
    id,
    group: format,
    facts: {
      method: nameOf(method),
      ...(isReference(object) && { object }),
      ...(paused === true && { paused: 'true' }),
    },
  }
}

/** A call about tasks, in the format of the call that began the work. */
function request({ group }: WorkName, method: string, ...params: readonly unknown[]): WorkRequest {
  const format: Format = group === 'xml-rpc' ? group : 'json-rpc-2.0'
  const { path, type } = FORMATS[format]
  const body = writeCall(format, method, [sessionPlaceholder, ...params])
  return { path, method: 'POST', headers: { 'content-type': type }, body }
}

/**
 * The machine and the operation of a start that can be looked for. A task does not say what it is about, but a machine
 * says which tasks are at work on it: one that brings it to the state that is wanted, or destroys it, is as good as ours.
 */
function searchOf(start: RequestFacts) {
  const call = rpcOf(start)
  if (call === undefined || !isAsync(call.method)) return undefined
  const method = nameOf(call.method)
  if (!aimsAtState(method) && method !== 'VM.destroy') return undefined
  const [, machine, paused] = call.params()
  const operation = method.slice('VM.'.length)
  // A start of somebody else's does not leave it paused.
  return typeof machine === 'string' && !isTrue(paused) ? { call, machine, operation } : undefined
}
