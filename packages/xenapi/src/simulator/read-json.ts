import { Malformed } from './malformed.ts'
import type { Value } from './value.ts'

/** The call in a JSON-RPC request. */
export interface JsonCall {
  readonly version: '1.0' | '2.0'
  readonly id: string | number
  readonly method: string
  readonly params: readonly Value[]
}

/** @throws {Malformed} for a call that the server does not accept: a batch, a call without an id, another version. */
export function readJsonCall(body: string): JsonCall {
  const request = parse(body)
  if (typeof request !== 'object' || request === null || Array.isArray(request)) throw invalid('Invalid request body')
  const { method, id } = required(request as Record<string, Value>)
  const version = versionIn(request as Record<string, Value>)
  return { version, id, method, params: paramsIn(request as Record<string, Value>, version) }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    const text = body === '' ? 'Blank input data' : `Line 1, bytes 0-${body.length}:\\nInvalid token`
    throw new Malformed(`Yojson.Json_error("${text}")`)
  }
}

function required(request: Record<string, Value>): { method: string; id: string | number } {
  if (!Object.hasOwn(request, 'method')) throw invalid('Required field method is missing')
  const { method, id = null } = request
  if (typeof method !== 'string') throw invalid("Invalid field 'method' in request body")
  if (typeof id !== 'string' && !Number.isInteger(id)) throw invalid("Invalid field 'id' in request body")
  return { method, id: id as string | number }
}

function versionIn(request: Record<string, Value>): '1.0' | '2.0' {
  if (!Object.hasOwn(request, 'jsonrpc')) return '1.0'
  if (request.jsonrpc !== '2.0') throw invalid("Invalid field 'jsonrpc' in request body")
  return '2.0'
}

function paramsIn({ params = null }: Record<string, Value>, version: '1.0' | '2.0'): readonly Value[] {
  if (Array.isArray(params)) return params
  if (version === '1.0') {
    throw invalid(params === null ? 'Required field params is missing' : "Invalid field 'params' in request body")
  }
  if (params === null) return []
  if (typeof params !== 'object') throw invalid("Invalid field 'params' in request body")
  return [params]
}

const invalid = (text: string) => new Malformed(`Jsonrpc.Malformed_method_request("${text}")`)
