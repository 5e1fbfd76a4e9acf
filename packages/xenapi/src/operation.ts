import { methodName, pathTemplates, type RequestFacts } from '@holdfast/core/plugin'
import { fields, verbs } from './catalogue/method-names.ts'
import { isOfClass } from './classes.ts'
import { handlerNames } from './handlers.ts'
import { isAsync, nameOf } from './methods.ts'
import { isRpc, rpcOf } from './requests.ts'

/**
 * The operation of a request: the method of a call as in the data model (`VM.start`, `Async.VM.start`), and method and path of any
 * other request. A method that the data model does not have is the caller's own text and is never shown: `VM.{method}`, or
 * `{extension}` if the class is unknown, too.
 */
export function operation(request: RequestFacts): string {
  const call = rpcOf(request)
  if (call !== undefined) return nameOfCall(call.method)
  // A call that cannot be read; XAPI accepts calls at any path.
  if (isRpc(request)) return callPaths.has(request.path) ? `POST ${request.path}` : 'POST /{path}'
  return `${methodName(request.method)} ${handlerPath(request.path)}`
}

const callPaths = new Set(['/', '/RPC2', '/json', '/jsonrpc'])
const handlerPath = pathTemplates(handlerNames.join(' '))

const SYSTEM = /^system\.(?:listMethods$|isAlive:|multicall$|method(?:Signature|Help)$)/
const OF_FIELD = /^(?:get|set|add_to|remove_from|add|remove)_(.+)$/

function nameOfCall(written: string): string {
  const name = nameOf(written)
  const whole = isAsync(written) ? 'Async.' : ''
  const [system] = SYSTEM.exec(name) ?? []
  if (system !== undefined) return whole + (system.endsWith(':') ? system.slice(0, -1) : system)
  if (!isOfClass(name)) return `${whole}{extension}`
  const dot = name.indexOf('.')
  const method = name.slice(dot + 1)
  return whole + name.slice(0, dot + 1) + (isOfModel(method) ? method : '{method}')
}

let words: { readonly verbs: ReadonlySet<string>; readonly fields: ReadonlySet<string> } | undefined

function isOfModel(method: string): boolean {
  // Parsed on first use: most programs never need it.
  words ??= { verbs: wordsOf(verbs), fields: wordsOf(fields) }
  return words.verbs.has(method) || words.fields.has(OF_FIELD.exec(method)?.[1] ?? '')
}

const wordsOf = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/))
