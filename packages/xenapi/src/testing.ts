import type { Fault } from '@holdfast/core/plugin'
import { paramOf } from './wire/rpc-answer.ts'

/** One reply as a XenServer or XCP-ng host would send it. */
export interface XenApiReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The request that such a reply belongs to, if not every request can get it. */
  readonly request?: { readonly method: string; readonly url: string }
}

/** Writes a fault in one shape; `undefined` for a fault that the shape cannot carry. */
export type WriteFault = (fault: Fault) => XenApiReply | undefined

/** The shapes of a failure: one for each format of an RPC, and those that handlers such as `/import` answer in. */
export type XenApiShape = 'xmlRpc' | 'jsonRpc1' | 'jsonRpc2' | 'array' | 'page' | 'handlerPage' | 'replyInBody'

const xml = { 'content-type': 'text/xml' }
// Exactly this: some clients accept no other spelling.
const json = { 'content-type': 'application/json' }
const html = { 'content-type': 'text/html', connection: 'close', 'cache-control': 'no-cache, no-store' }

/**
 * Writers of a fault, by shape: the inverse of what the vendor reads. For tests and mock servers.
 *
 * XenAPI expresses everything by code and parameters, so a fault's `message` is left out.
 */
export const wire: Readonly<Record<XenApiShape, WriteFault>> = {
  /** `/`, and `/jsonrpc` of a host that is too old for JSON. */
  xmlRpc: (fault) => answered(fault, xml, xmlAnswer),

  /** `/jsonrpc`, asked without a version. */
  jsonRpc1: (fault) =>
    answered(fault, json, (description) => JSON.stringify({ result: null, error: description, id: 0 })),

  /** `/jsonrpc`, asked with `"jsonrpc":"2.0"`. */
  jsonRpc2: (fault) =>
    answered(fault, json, ([message, ...data]) =>
      JSON.stringify({ jsonrpc: '2.0', error: { code: 1, message, data }, id: 0 }),
    ),

  /** `/jsonrpc` of a host in emergency mode, and of any host before 7.3. */
  array: (fault) =>
    answered(fault, json, (description) => JSON.stringify({ jsonrpc: '2.0', error: description, id: 0 })),

  /** The page of a failure that the server has no code for. */
  page(fault) {
    const page = pages[fault.code]
    if (page === undefined || fault.inTask || !isPlain(fault) || (fault.status ?? page.status) !== page.status) {
      return undefined
    }
    return { status: page.status, headers: { ...html, ...page.headers }, body: page.body }
  },

  /** The page of a handler that failed, perhaps after part of its work. */
  handlerPage: (fault) =>
    isBegun(fault, 500)
      ? { status: 500, headers: html, body: handlerBody(fault), request: { method: 'PUT', url: '/import' } }
      : undefined,

  /** The reply of a handler that had said `200 OK` already. */
  replyInBody: (fault) =>
    isBegun(fault, 200)
      ? {
          status: 200,
          headers: { 'content-type': 'application/octet-stream' },
          body: `HTTP/1.1 500 Internal Error\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n${handlerBody(fault)}`,
          request: { method: 'PUT', url: '/import' },
        }
      : undefined,
}

const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

const escaped = (text: string) => text.replace(/[<>&"]/g, (character) => escapes[character] ?? character)

/** Removes characters that XML cannot contain, as the server does. */
const withoutControls = (text: string) => text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')

type Description = readonly [code: string, ...params: string[]]

/** An answer to an RPC: its status is 200, and no work had begun. */
function answered(
  fault: Fault,
  headers: XenApiReply['headers'],
  write: (description: Description) => string,
): XenApiReply | undefined {
  const { code, status = 200, params = [], inTask = false } = fault
  if (status !== 200 || inTask || !isPlain(fault)) return undefined
  return { status, headers, body: write([code, ...params.map(written)]) }
}

/** A parameter as text. An absent one is empty, so that the next ones keep their positions. */
const written = (param: unknown) => (param === undefined ? '' : paramOf(param))

/** True for a fault that the server can write: with a code, and without finer codes and `transient`. */
const isPlain = ({ code, details = [], transient }: Fault) =>
  code !== '' && details.length === 0 && transient === undefined

function isBegun(fault: Fault, status: number): boolean {
  const { code, params = [], inTask = false } = fault
  // A parameter on a page cannot contain the separator.
  const isWritable = /^[A-Z][A-Z0-9_]*$/.test(code) && !params.some((param) => written(param).includes('; '))
  return inTask && isPlain(fault) && isWritable && (fault.status ?? status) === status
}

function xmlAnswer(description: Description): string {
  const values = description.map((text) => `<value>${escaped(withoutControls(text))}</value>`).join('')
  return `<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Failure</value></member><member><name>ErrorDescription</name><value><array><data>${values}</data></array></value></member></struct></value></param></params></methodResponse>`
}

const handlerBody = ({ code, params = [] }: Fault) => exceptionPage(`${code}: [ ${params.map(written).join('; ')} ]`)

function exceptionPage(exception: string): string {
  return `<html><body><h1>HTTP 500 internal server error</h1>An unexpected error occurred; please wait a while and try again. If the problem persists, please contact your support representative.<h1> Additional information </h1>${escaped(exception)}</body></html>`
}

interface Page {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

const pages: Readonly<Record<string, Page>> = {
  'Xmlrpc.Parse_error': {
    status: 500,
    body: exceptionPage('Xmlrpc.Parse_error("close_tag", "open_tag", _)'),
  },
  'Jsonrpc.Malformed_method_request': {
    status: 500,
    body: exceptionPage('Jsonrpc.Malformed_method_request("{}")'),
  },
  Client_requested_size_over_limit: {
    status: 500,
    body: exceptionPage('Http_svr.Client_requested_size_over_limit'),
  },
  Content_length_required: {
    status: 500,
    body: exceptionPage('Failure("We require a content-length: HTTP header")'),
  },
  Connection_limit_exceeded: {
    status: 503,
    body: "<html><body><h1>Connection Limit Exceeded</h1><p>There're users currently connected to this console (VM OpaqueRef:1). No more connections are allowed when limit_console_sessions is enabled.</p></body></html>",
  },
  Unknown_authorization_header: {
    status: 500,
    body: exceptionPage('Failure("Unknown authorization header: Bearer x")'),
  },
  Unauthorised: {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="VM.import"' },
    body: '<html><body><h1>HTTP 401 unauthorised</h1>Please check your credentials and retry.</body></html>',
  },
  Forbidden: {
    status: 403,
    body: '<html><body><h1>HTTP 403 forbidden</h1>Access to the requested resource is forbidden.</body></html>',
  },
}
