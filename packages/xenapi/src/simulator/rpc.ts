import { readJsonCall } from './read-json.ts'
import { readXmlCall } from './read-xml.ts'
import type { Failure } from './refusal.ts'
import { reply } from './reply.ts'
import { i4, type Value } from './value.ts'
import { jsonValue } from './write-json.ts'
import { xmlAnswer } from './write-xml.ts'

/** A call in one of the three formats. */
export interface RpcCall {
  readonly format: 'xml-rpc' | 'json-rpc-1.0' | 'json-rpc-2.0'
  readonly id: string | number
  readonly method: string
  readonly params: readonly Value[]
}

/** The result of a call. `stashed` failures are those that the server raises before it dispatches: they look different. */
export type Outcome =
  | { readonly value: Value; readonly failure?: undefined }
  | { readonly failure: Failure; readonly stashed?: boolean }

/** @throws {Malformed} */
export function readCall(body: string, as: 'json' | 'xml'): RpcCall {
  if (as === 'xml') return { format: 'xml-rpc', id: 0, ...readXmlCall(body) }
  const { version, ...call } = readJsonCall(body)
  return { format: `json-rpc-${version}`, ...call }
}

/** Always HTTP 200, even for a failure. */
export function writeOutcome(call: RpcCall, outcome: Outcome): Response {
  const isXml = call.format === 'xml-rpc'
  return reply(200, {
    headers: {
      connection: 'keep-alive',
      'cache-control': 'no-cache, no-store',
      'content-type': isXml ? 'text/xml' : 'application/json',
      ...(outcome.failure !== undefined && outcome.stashed ? {} : crossOrigin),
    },
    body: isXml ? xmlBody(call, outcome) : jsonBody(call, outcome),
  })
}

const crossOrigin = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'X-Requested-With' }

function xmlBody({ method }: RpcCall, outcome: Outcome): string {
  if (outcome.failure !== undefined) return xmlAnswer({ Status: 'Failure', ErrorDescription: listOf(outcome.failure) })
  return xmlAnswer(method === 'system.listMethods' ? outcome.value : { Status: 'Success', Value: outcome.value })
}

function jsonBody({ format, id }: RpcCall, outcome: Outcome): string {
  if (outcome.failure === undefined) {
    const { value } = outcome
    return jsonValue(
      format === 'json-rpc-1.0' ? { result: value, error: null, id } : { jsonrpc: '2.0', result: value, id },
    )
  }
  const { failure, stashed } = outcome
  // An error from outside the dispatcher has neither version nor id of the request, and no error object.
  if (stashed) return jsonValue({ jsonrpc: '2.0', error: listOf(failure), id: 0 })
  if (format === 'json-rpc-1.0') return jsonValue({ result: null, error: listOf(failure), id })
  const error = { code: i4(1), message: failure.code, data: failure.params }
  return jsonValue({ jsonrpc: '2.0', error, id })
}

/** An error as one list, its code first. */
export const listOf = ({ code, params }: Failure): readonly string[] => [code, ...params]
