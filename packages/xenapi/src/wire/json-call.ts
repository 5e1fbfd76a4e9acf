import { readJson } from './json.ts'
import { elementsOf, endOfString, endOfValue, membersOf, textOf } from './json-span.ts'
import type { RpcCall } from './rpc-call.ts'
import { skipBom } from './skip-bom.ts'

/**
 * Reads the call in a JSON body. If a member occurs twice, the first counts, as it does for the server. What follows the first
 * parameter is read only on demand, because it may be long.
 */
export function readJsonCall(body: string): RpcCall | undefined {
  let method: string | undefined
  let params: number | undefined
  for (const { key, start } of membersOf(body, skipBom(body))) {
    if (key === 'method') method ??= stringAt(body, start)?.text
    if (key === 'params') params ??= start
    if (method !== undefined && params !== undefined) break
  }
  if (method === undefined || method === '') return undefined
  return {
    get format() {
      return versionOf(body) === '2.0' ? 'json-rpc-2.0' : 'json-rpc-1.0'
    },
    method,
    first: params === undefined ? undefined : firstOf(body, params),
    params: () => (params === undefined ? [] : listAt(body, params)),
  }
}

function versionOf(body: string): string | undefined {
  for (const { key, start } of membersOf(body, skipBom(body))) {
    const version = key === 'jsonrpc' ? stringAt(body, start)?.text : undefined
    if (version !== undefined) return version
  }
  return undefined
}

function firstOf(body: string, params: number): RpcCall['first'] {
  const { value: start } = elementsOf(body, params).next()
  return start === undefined ? undefined : stringAt(body, start)
}

function stringAt(body: string, at: number): RpcCall['first'] {
  const end = endOfString(body, at)
  const text = end < 0 ? undefined : textOf(body.slice(at, end))
  return text === undefined ? undefined : { text, start: at + 1, end: end - 1 }
}

function listAt(body: string, at: number): readonly unknown[] {
  const end = endOfValue(body, at)
  const list = end < 0 ? undefined : readJson(body.slice(at, end))
  return Array.isArray(list) ? list : []
}
