import { type Fault, isObject, type JsonObject, parseJson, type Reply, textOf } from '@holdfast/core/plugin'
import { isWebServices, resultKindOf } from './requests.ts'
import { readRpcFailure } from './rpc-failure.ts'
import { type ErrorWords, readErrorBody, readOvfResult, readTagResult } from './shapes.ts'
import { readWebServicesFault } from './web-services-fault.ts'

/**
 * Reads the fault in a reply of any shape. The error type takes precedence over the status: statuses differ between surfaces and
 * versions, types do not.
 *
 * Texts of proxies, HTML and other foreign bodies are left to the rows for bare statuses.
 */
export function parse(reply: Reply): Fault | undefined {
  if (reply.status < 400) return parseSuccess(reply)
  if (isWebServices(reply.request)) return readWebServicesFault(reply)
  if (reply.text.trim() === '') return reply.complete ? bareFault(reply.status) : undefined
  const words = readErrorBody(parseJson(reply.text))
  return words && faultOf(words, reply.status)
}

/** Reads the failure in a 200, which some operations answer with. Work has begun by then. */
function parseSuccess({ status, text, request }: Reply): Fault | undefined {
  const kind = status >= 200 && status < 300 && text !== '' ? resultKindOf(request) : undefined
  if (kind === undefined) return undefined
  if (kind === 'rpc') {
    // The operation itself has failed, so the row's outcome holds as for any other failure.
    const words = text.includes('"error"') ? readRpcFailure(parseJson(text)) : undefined
    return words && faultOf(words, status)
  }
  const body = parseJson(text)
  const result = isObject(body) && isObject(body.value) ? body.value : body
  if (!isObject(result)) return undefined
  const words = kind === 'ovf' ? readOvfResult(result) : readTagResult(result)
  return words && { ...faultOf(words, status), inTask: true }
}

/**
 * The error type for a status without a body, as VMware's own runtimes have it (vmware/vsphere-automation-sdk-go,
 * `runtime/lib/rest/HttpStatusCodes.go`).
 *
 * Left out, and so left to the rows for bare statuses: 407 and 511, which only a proxy sends, about its own credentials;
 * 412, where "changed since it was read" says more than "invalid request"; 416, 418 and 509, which would become
 * retryable or unnamed; 500 and the rarer 5xx, which a proxy may have written.
 */
const codesByStatus = new Map<number, string>([
  ...[400, 405, 406, 411, 413, 414, 415, 417, 422, 424, 426, 431].map((status) => [status, 'INVALID_REQUEST'] as const),
  [401, 'UNAUTHENTICATED'],
  [402, 'UNAUTHORIZED'],
  [403, 'UNAUTHORIZED'],
  [404, 'NOT_FOUND'],
  [408, 'TIMED_OUT'],
  [409, 'CONCURRENT_CHANGE'],
  [410, 'NOT_FOUND'],
  [423, 'RESOURCE_BUSY'],
  [428, 'CONCURRENT_CHANGE'],
  [429, 'SERVICE_UNAVAILABLE'],
  [503, 'SERVICE_UNAVAILABLE'],
  [504, 'TIMED_OUT'],
  [507, 'UNABLE_TO_ALLOCATE_RESOURCE'],
])

function bareFault(status: number): Fault | undefined {
  const code = codesByStatus.get(status)
  return code === undefined ? undefined : { code, details: [`HTTP_${status}`], status }
}

/** The fault for the messages of an error. */
export function faultOf(words: ErrorWords, status: number): Fault {
  const details = detailsOf(words.messages)
  const message = words.messages
    .flatMap(({ localized, default_message }) => textOf(localized) ?? textOf(default_message) ?? [])
    .join(' ')
  const args = words.messages[0]?.args
  const transient = isObject(words.data) ? words.data.is_transient : undefined
  return {
    code: words.code ?? codeFor(status),
    status,
    ...(details.length > 0 && { details }),
    ...(message !== '' && { message }),
    ...(Array.isArray(args) && args.length > 0 && { params: args }),
    ...(typeof transient === 'boolean' && { transient }),
  }
}

/** The code for a body of vCenter's without a type. */
const codeFor = (status: number): string =>
  codesByStatus.get(status) ?? (status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'INVALID_REQUEST')

const wrappedException = 'vapi.bindings.method.impl.unexpected'

/**
 * True for a service behind vCenter that has refused a session for good: the caller gets a 500 whose identifier says only that
 * something was thrown. The exception's own text is an argument, which is never translated, so that it can be recognized.
 */
const poisonedSession = 'Rejecting login on a session where login failed'

function detailsOf(messages: readonly JsonObject[]): readonly string[] {
  if (messages.length === 0) return []
  const ids = messages.flatMap(({ id }) => textOf(id) ?? [])
  const poisoned = messages.some(
    ({ id, args }) => id === wrappedException && Array.isArray(args) && args.includes(poisonedSession),
  )
  if (poisoned) return ['SESSION_LOGIN_FAILED', ...ids]
  if (messages.some(isSessionInError)) return ['SESSION_IN_ERROR', ...ids]
  return [
    ...ids,
    ...kinds.flatMap(({ id, detail }) => (!ids.includes(detail) && ids.some((one) => id.test(one)) ? [detail] : [])),
  ]
}

/** Identifiers that differ by object and field, and the identifier whose row is for all of them. */
const kinds = [
  { id: /(?:^|\.)vapi\.(?:data|bindings\.typeconverter)\./, detail: 'vapi.data.structure.union.extra' },
  { id: /\.too_many_matches$/, detail: 'com.vmware.api.vcenter.vm.too_many_matches' },
] as const

/** `args: ['complete', 'ERROR', reason]`: the operation, the state of a content library's session, and why. */
const isSessionInError = ({ args, default_message }: JsonObject): boolean =>
  Array.isArray(args) && args[1] === 'ERROR' && /\bsession is in the ERROR state\b/.test(textOf(default_message) ?? '')
