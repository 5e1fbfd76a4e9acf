import { isObject, type JsonObject, objectOf, objectsIn, textOf } from '@holdfast/core/plugin'
import { codeOf, type ErrorWords } from './shapes.ts'

/** Deepest nesting of wrappers that is read: more than any answer has. */
const DEEPEST = 8

/**
 * Reads the failure in an answer of vCenter's JSON-RPC, which comes with a 200: `{result: {error: {ERROR: {[type]: {messages,
 * data}}}}}`, or `{error: {code, message}}` for a call that reached no operation.
 *
 * Source: vmware/vsphere-automation-sdk-go `runtime/protocol/server/rpc/msg/JsonRpcEncoder.go`, `JsonRpcError.go`.
 */
export function readRpcFailure(body: unknown): ErrorWords | undefined {
  const answer = objectOf(body)
  const [named] = Object.entries(objectOf(objectOf(objectOf(answer?.result)?.error)?.ERROR) ?? {})
  if (named === undefined) return readRefusal(objectOf(answer?.error))
  const [type, fields] = named
  const { messages, data } = objectOf(unwrapped(fields)) ?? {}
  return { code: codeOf(type), messages: objectsIn(messages), data }
}

/** JSON-RPC 2.0, section 5.1: all codes but that of an internal error mean that the call itself is wrong. */
function readRefusal(error: JsonObject | undefined): ErrorWords | undefined {
  if (error === undefined || typeof error.code !== 'number') return undefined
  const code = error.code === -32603 ? 'INTERNAL_SERVER_ERROR' : 'INVALID_REQUEST'
  return { code, messages: [{ default_message: textOf(error.message) ?? '' }] }
}

/** A value without its type wrappers: `{STRUCTURE: {[name]: fields}}`, `{OPTIONAL: value}`. */
function unwrapped(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value)) return value.map((item) => unwrapped(item, depth + 1))
  if (!isObject(value)) return value
  const members = Object.entries(value)
  const [[key, inner] = ['', undefined]] = members
  if (members.length === 1 && key === 'OPTIONAL') return unwrapped(inner, depth + 1)
  if (members.length === 1 && key === 'STRUCTURE') return unwrapped(Object.values(objectOf(inner) ?? {})[0], depth + 1)
  return Object.fromEntries(members.map(([name, member]) => [name, unwrapped(member, depth + 1)]))
}
