import type { RequestFacts } from '@holdfast/core/plugin'
import { readJsonCall } from './json-call.ts'
import type { RpcCall } from './rpc-call.ts'
import { skipBom } from './skip-bom.ts'
import { readXmlCall } from './xml-call.ts'
import { xmlText } from './xml-text.ts'

export type { Format, RpcCall } from './rpc-call.ts'
export { writeCall } from './write-call.ts'

/** Reads the call in a body; `undefined` if there is none. Never throws; stops reading after the first parameter. */
export function readCall(body: string): RpcCall | undefined {
  switch (body[skipBom(body)]) {
    case '{':
      return readJsonCall(body)
    case '<':
      return readXmlCall(body)
    default:
      return undefined
  }
}

const calls = new WeakMap<RequestFacts, RpcCall | null>()

/** The call in a request, read once for each request; `undefined` if it has no body or the body is no call. */
export function callOf(request: RequestFacts): RpcCall | undefined {
  let call = calls.get(request)
  if (call === undefined) {
    const body = request.bodyText
    call = (body === undefined ? undefined : readCall(body)) ?? null
    calls.set(request, call)
  }
  return call ?? undefined
}

/**
 * The same body with another first parameter; nothing outside its span changes.
 *
 * @throws {TypeError} if the call has no first parameter to replace, or XML has no form for a character of the text.
 */
export function withFirst(body: string, call: RpcCall, text: string): string {
  if (call.first === undefined) throw new TypeError(`The call of ${call.method} has no first parameter to replace.`)
  const { start, end } = call.first
  return body.slice(0, start) + encoded(body[skipBom(body)] === '<', body.slice(start, end), text) + body.slice(end)
}

function encoded(isXml: boolean, replaced: string, text: string): string {
  if (!isXml) return JSON.stringify(text).slice(1, -1)
  // A tag that closes itself has no inside to write into.
  const [, tag] = /^<(value|string)\b/.exec(replaced) ?? []
  return tag === undefined ? xmlText(text) : `<${tag}>${xmlText(text)}</${tag}>`
}
