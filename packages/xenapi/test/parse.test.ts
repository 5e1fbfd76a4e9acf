import type { Reply } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/catalogue.ts'
import { parse } from '../src/parse.ts'
import { requestTo } from './facts.ts'

const read = (status: number, text: string, complete = true) =>
  parse({ status, text, complete, headers: new Headers(), request: requestTo('/jsonrpc', 'POST') } satisfies Reply)

const page = (title: string, text: string) => `<html><body><h1>HTTP ${title}</h1>${text}</body></html>`
const sorry =
  'An unexpected error occurred; please wait a while and try again. If the problem persists, please contact your support representative.'
const broken = (exception?: string) =>
  page('500 internal server error', sorry + (exception ? `<h1> Additional information </h1>${exception}` : ''))
const begun = (line: string, body: string) =>
  `HTTP/1.1 ${line}\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n${body}`

describe('an answer to a call', () => {
  it('is a fault where it tells of one, and the work had not begun', () => {
    expect(read(200, '{"jsonrpc":"2.0","error":["HOST_IS_SLAVE","10.0.0.2"],"id":0}')).toEqual({
      code: 'HOST_IS_SLAVE',
      status: 200,
      params: ['10.0.0.2'],
    })
    expect(read(200, '{"error":["Fault","No async mode"]}')).toEqual({
      code: 'Fault',
      status: 200,
      params: ['No async mode'],
      message: 'No async mode',
    })
    expect(read(200, '{"result":null,"error":["TOO_BUSY"')).toEqual({ code: 'TOO_BUSY', status: 200 })
  })

  it.each(['{"result":1}', '{"result":{"status":"failure","error_info":["A"]}}', '', 'x', '<html/>', '{"result":'])(
    'is fine otherwise: %s',
    (text) => {
      expect(read(200, text)).toBeUndefined()
    },
  )

  it('is looked for in success statuses only', () => {
    const text = '{"error":["TOO_BUSY"]}'
    expect(read(202, text)?.code).toBe('TOO_BUSY')
    expect(read(302, text)).toBeUndefined()
    expect(read(500, text)).toBeUndefined()
  })
})

describe('what a handler sends', () => {
  const contents = (text: string) =>
    parse({ status: 200, text, complete: true, headers: new Headers(), request: requestTo('/blob?ref=x') })

  it.each([
    '{"error":["HOST_STILL_BOOTING"]}',
    '{"level":"info","error":"disk full"}',
    '<methodResponse><fault/></methodResponse>',
    '<methodResponse><params><param><value><struct><member><name>Status</name><value>Failure</value></member></struct>',
  ])('is contents, and no answer: %s', (text) => {
    expect(contents(text)).toBeUndefined()
  })

  it('is a fault where a reply stands in its place', () => {
    expect(contents(begun('404 Not Found', ''))).toMatchObject({ code: 'UNKNOWN_FAILURE', inTask: true })
  })
})

describe('a page', () => {
  it.each([
    [
      'Xmlrpc.Parse_error(&quot;data(hunter2)&quot;, &quot;open_tag&quot;, _)',
      'Xmlrpc.Parse_error',
      'Xmlrpc.Parse_error',
    ],
    ['Xmlm.Error((1, 5), 2)', 'Xmlrpc.Parse_error', 'Xmlm.Error: (1, 5)'],
    [
      'Rpclib_json__Jsonrpc.Malformed_method_request(&quot;{\\&quot;params\\&quot;:[\\&quot;hunter2\\&quot;]}&quot;)',
      'Jsonrpc.Malformed_method_request',
      'Malformed_method_request',
    ],
    ['Jsonrpc.Missing_field(&quot;id&quot;)', 'Jsonrpc.Malformed_method_request', 'Jsonrpc.Missing_field'],
    [
      'Yojson.Json_error(&quot;Line 1, bytes 0-1:\nInvalid token &apos;hunter2&apos;&quot;)',
      'Jsonrpc.Malformed_method_request',
      'Yojson.Json_error: Line 1, bytes 0-1',
    ],
    [
      'Http_svr.Client_requested_size_over_limit',
      'Client_requested_size_over_limit',
      'Client_requested_size_over_limit',
    ],
    [
      'Failure(&quot;We require a content-length: HTTP header&quot;)',
      'Content_length_required',
      'We require a content-length: HTTP header',
    ],
  ])('of a 500 names %s, and nothing of the request', (exception, code, message) => {
    const fault = read(500, broken(exception))
    expect(fault).toEqual({ code, status: 500, message })
    expect(fault && catalogue.find(fault)).toMatchObject({ code, kind: 'fatal' })
  })

  it('of a 500 that refuses the kind of credentials is about them, and repeats none', () => {
    const fault = read(500, broken('Failure(&quot;Unknown authorization header: Bearer hunter2&quot;)'))
    expect(fault).toEqual({
      code: 'Unknown_authorization_header',
      status: 500,
      message: 'Unknown authorization header',
    })
    expect(fault && catalogue.find(fault)).toMatchObject({ kind: 'auth', reauth: false, outcome: 'rejected' })
  })

  // xen-api ocaml/xapi/console.ml (respond_console_limit_exceeded)
  it('of a full console says so, and names none of its users', () => {
    const full = (users: string) =>
      `<html><body><h1>Connection Limit Exceeded</h1><p>${users} currently connected to this console (VM OpaqueRef:1). No more connections are allowed when limit_console_sessions is enabled.</p></body></html>`
    for (const text of [full("There're users"), full("User 'root' is")]) {
      const fault = read(503, text)
      expect(fault).toEqual({ code: 'Connection_limit_exceeded', status: 503 })
      expect(fault && catalogue.find(fault)).toMatchObject({ kind: 'retryable', outcome: 'rejected' })
    }
  })

  it('of a handler carries its code, and the work had begun', () => {
    expect(read(500, broken('SR_BACKEND_FAILURE_46: [ ; The VDI is not available; &lt;none&gt; ]'))).toEqual({
      code: 'SR_BACKEND_FAILURE_46',
      status: 500,
      params: ['', 'The VDI is not available', '<none>'],
      inTask: true,
    })
    expect(read(500, broken('TOO_BUSY: [  ]'))).toEqual({ code: 'TOO_BUSY', status: 500, inTask: true })
  })

  it.each([
    [500, broken()],
    [500, broken('Got UNIX error: Connection reset by peer read ')],
    [500, broken('The HTTP headers could not be parsed.')],
    [500, '<html><head><title>500 Internal Server Error</title></head></html>'],
    [500, ''],
    [502, broken('TOO_BUSY: [  ]')],
    [400, page('400 bad request', 'The HTTP request was malformed. Please correct and retry.')],
    [401, '<html><head><title>401 Authorization Required</title></head></html>'],
    [401, page('403 forbidden', '')],
    [404, ''],
    [503, ''],
  ])('that says no more than its status is left to the status: %i %s', (status, text) => {
    expect(read(status, text)).toBeUndefined()
  })

  it('hides the cause of a 401', () => {
    const text = page('401 unauthorised', 'Please check your credentials and retry.')
    const fault = read(401, text)
    expect(fault).toEqual({ code: 'Unauthorised', status: 401 })
    expect(fault && catalogue.find(fault)).toMatchObject({ kind: 'auth', reauth: true })
  })

  it('forbids with a 403', () => {
    const fault = read(403, page('403 forbidden', 'Access to the requested resource is forbidden.'))
    expect(fault).toEqual({ code: 'Forbidden', status: 403 })
    expect(fault && catalogue.find(fault)).toMatchObject({ kind: 'auth', reauth: false })
  })
})

describe('a reply in the place of a body', () => {
  it('is a fault of work that had begun', () => {
    const text = begun('500 Internal Error', broken('VDI_IO_ERROR: [ Device I/O errors ]'))
    expect(read(200, text)).toEqual({ code: 'VDI_IO_ERROR', status: 200, params: ['Device I/O errors'], inTask: true })
    expect(read(200, text.replaceAll('\r\n', '\n'))?.code).toBe('VDI_IO_ERROR')
  })

  it.each([
    [begun('500 Internal Error', broken('Got UNIX error: Broken pipe write ')), 'HTTP 500 Internal Error'],
    [begun('404 Not Found', ''), 'HTTP 404 Not Found'],
    ['HTTP/1.0 503 Service Unavailable', 'HTTP 503 Service Unavailable'],
    ['HTTP/1.1 500', 'HTTP 500'],
  ])('is a fault where it names no code: %s', (text, message) => {
    expect(read(200, text)).toEqual({ code: 'UNKNOWN_FAILURE', status: 200, message, inTask: true })
  })

  it('keeps the code of a page', () => {
    const text = begun('401 Unauthorised', page('401 unauthorised', 'Please check your credentials and retry.'))
    expect(read(200, text)).toEqual({ code: 'Unauthorised', status: 200, inTask: true })
  })

  it.each([begun('200 OK', 'x'), 'HTTP/', 'HTTP/1.1 abc', ' HTTP/1.1 500 Internal Error'])(
    'is none where it tells of no failure: %s',
    (text) => {
      expect(read(200, text)).toBeUndefined()
    },
  )
})
