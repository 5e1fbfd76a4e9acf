import { UNKNOWN } from './rpc-answer.ts'

/** The failure that a page of the server states. */
export interface PageFailure {
  readonly code: string
  readonly params?: readonly string[]
  readonly message?: string
  /** True if a handler had begun its work; no page says how much it did. */
  readonly hadBegun?: boolean
}

/** Codes for failures that the server has no code for, by the exception on the page of a 500 (`ocaml/libs/http-lib/http_svr.ml`). */
const exceptions: readonly (readonly [says: string, code: string])[] = [
  ['Xmlrpc.Parse_error', 'Xmlrpc.Parse_error'],
  ['Xmlm.Error', 'Xmlrpc.Parse_error'],
  ['Malformed_method_request', 'Jsonrpc.Malformed_method_request'],
  ['Jsonrpc.Missing_field', 'Jsonrpc.Malformed_method_request'],
  ['Yojson.Json_error', 'Jsonrpc.Malformed_method_request'],
  ['Client_requested_size_over_limit', 'Client_requested_size_over_limit'],
  ['We require a content-length: HTTP header', 'Content_length_required'],
  ['Unknown authorization header', 'Unknown_authorization_header'],
]

/**
 * Reads the HTML page that comes with a status from 400 on. `undefined` for a page that is not the server's own, and for
 * one that says no more than its status.
 */
export function readPage(status: number, text: string): PageFailure | undefined {
  // A console with the most users that it allows (`ocaml/xapi/console.ml`).
  if (status === 503 && /^\s*<html><body><h1>Connection Limit Exceeded<\/h1>/.test(text))
    return { code: 'Connection_limit_exceeded' }
  const [, title] = /^\s*<html><body><h1>HTTP (\d{3} [^<]*)<\/h1>/.exec(text) ?? []
  switch (title === undefined ? undefined : status) {
    case 401:
      return title === '401 unauthorised' ? { code: 'Unauthorised' } : undefined
    case 403:
      return title === '403 forbidden' ? { code: 'Forbidden' } : undefined
    case 500:
      return title === '500 internal server error' ? readException(text) : undefined
    default:
      return undefined
  }
}

const MORE = '<h1> Additional information </h1>'

function readException(text: string): PageFailure | undefined {
  const begin = text.indexOf(MORE)
  if (begin < 0) return undefined
  const end = text.indexOf('</body>', begin)
  const sentence = unescaped(text.slice(begin + MORE.length, end < 0 ? undefined : end))
  // A handler's failure comes as `CODE: [ first; second ]` (`ocaml/xapi/exnHelper.ml`).
  const [, code, params] = /^([A-Z][A-Z0-9_]*): \[ (.*) \]$/s.exec(sentence) ?? []
  if (code !== undefined && params !== undefined) {
    return { code, params: params === '' ? [] : params.split('; '), hadBegun: true }
  }
  const known = exceptions.find(([words]) => sentence.includes(words))
  return known && { code: known[1], message: known[0] + placeIn(sentence) }
}

/** The position of the flaw in the request. The rest of an exception may be the request itself, with its password. */
function placeIn(sentence: string): string {
  const [place] = /\bLine \d+, bytes -?\d+-\d+|\(\d+, \d+\)/.exec(sentence) ?? []
  return place === undefined ? '' : `: ${place}`
}

const REPLY = /^HTTP\/\d\.\d (\d{3}) ?([^\r\n]*)/

/**
 * Reads a whole HTTP reply in place of a body: a handler that had sent its `200 OK` and failed afterwards
 * (xapi-project/xen-api#4603). `undefined` for anything else, and for a reply without a failure.
 */
export function readReplyInBody(text: string): PageFailure | undefined {
  const [, status = '', reason = ''] = REPLY.exec(text) ?? []
  if (Number(status) < 400 || status === '') return undefined
  const [emptyLine] = /\r?\n\r?\n/.exec(text) ?? []
  const body = emptyLine === undefined ? '' : text.slice(text.indexOf(emptyLine) + emptyLine.length)
  const failure = readPage(Number(status), body) ?? { code: UNKNOWN, message: `HTTP ${status} ${reason}`.trim() }
  return { ...failure, hadBegun: true }
}

const characters: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&apos;': "'",
  '&quot;': '"',
  '&amp;': '&',
}

const unescaped = (text: string) => text.replace(/&(?:lt|gt|apos|quot|amp);/g, (entity) => characters[entity] ?? entity)
