import type { Format } from './rpc-call.ts'
import { xmlText } from './xml-text.ts'

/**
 * Writes the body of a call, on one line.
 *
 * Texts, numbers (`int` for whole ones), booleans, lists, plain objects, `null` and dates are written; members that are
 * `undefined` are left out.
 *
 * @param id the call's number in JSON-RPC. The server refuses a call without one.
 * @throws {TypeError} for a value that the format cannot express.
 */
export function writeCall(format: Format, method: string, params: readonly unknown[], id = 0): string {
  if (format === 'xml-rpc') {
    const written = params.map((param) => `<param>${xmlValue(param)}</param>`).join('')
    return `<?xml version="1.0"?><methodCall><methodName>${xmlText(method)}</methodName><params>${written}</params></methodCall>`
  }
  const version = format === 'json-rpc-2.0' ? '"jsonrpc":"2.0",' : ''
  return `{${version}"method":${JSON.stringify(method)},"params":${jsonValue(params)},"id":${id}}`
}

function jsonValue(value: unknown): string {
  const plain = plainOf(value)
  switch (plain.type) {
    case 'list':
      return `[${plain.items.map(jsonValue).join(',')}]`
    case 'object':
      return `{${plain.entries.map(([key, item]) => `${JSON.stringify(key)}:${jsonValue(item)}`).join(',')}}`
    case 'date':
      return JSON.stringify(plain.text)
    case 'number':
      // Such numbers are not JSON, but the server reads and writes them so.
      return Number.isFinite(plain.number) ? JSON.stringify(plain.number) : String(plain.number)
    case 'text':
      return JSON.stringify(plain.text)
    case 'boolean':
      return String(plain.boolean)
    case 'null':
      return 'null'
  }
}

function xmlValue(value: unknown): string {
  return `<value>${xmlContent(plainOf(value))}</value>`
}

function xmlContent(plain: Plain): string {
  switch (plain.type) {
    case 'list':
      return `<array><data>${plain.items.map(xmlValue).join('')}</data></array>`
    case 'object': {
      const members = plain.entries.map(
        ([key, item]) => `<member><name>${xmlText(key)}</name>${xmlValue(item)}</member>`,
      )
      return `<struct>${members.join('')}</struct>`
    }
    case 'date':
      return `<dateTime.iso8601>${plain.text}</dateTime.iso8601>`
    case 'number':
      return Number.isSafeInteger(plain.number)
        ? `<int>${plain.number}</int>`
        : `<double>${doubleText(plain.number)}</double>`
    case 'text':
      return `<string>${xmlText(plain.text)}</string>`
    case 'boolean':
      return `<boolean>${plain.boolean ? 1 : 0}</boolean>`
    case 'null':
      return '<nil/>'
  }
}

/** A number as OCaml, the server's language, spells it. */
const doubleText = (number: number) =>
  Number.isNaN(number) ? 'nan' : Number.isFinite(number) ? String(number) : number > 0 ? 'inf' : '-inf'

type Plain =
  | { readonly type: 'null' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'date'; readonly text: string }
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'boolean'; readonly boolean: boolean }
  | { readonly type: 'list'; readonly items: readonly unknown[] }
  | { readonly type: 'object'; readonly entries: readonly (readonly [string, unknown])[] }

function plainOf(value: unknown): Plain {
  if (value === null) return { type: 'null' }
  if (typeof value === 'string') return { type: 'text', text: value }
  if (typeof value === 'number') return { type: 'number', number: value }
  if (typeof value === 'boolean') return { type: 'boolean', boolean: value }
  if (Array.isArray(value)) return { type: 'list', items: value }
  if (value instanceof Date) return { type: 'date', text: dateText(value) }
  if (typeof value !== 'object') throw new TypeError(`A call cannot carry a value of type ${typeof value}.`)
  return { type: 'object', entries: Object.entries(value).filter(([, item]) => item !== undefined) }
}

/** A date as `20261121T10:00:00Z`, the one spelling that every version of the server reads. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new TypeError('A call cannot carry an invalid date.')
  return date.toISOString().replace(/-|\.\d+/g, '')
}
