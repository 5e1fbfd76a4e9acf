import type { LoginTransport, OutgoingRequest, Session, SessionSource } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { sessionPlaceholder, xenapi } from '../src/index.ts'
import { jsonCall, requestTo, xmlCall } from './facts.ts'
import { error, jsonReply, type Outcome, value, xmlReply } from './pool.ts'

const poolOrigin = 'https://xen.example'
const login = { username: 'root', password: 'p<&"ä' }
const ref = 'OpaqueRef:0f4b-11'

interface Sent {
  readonly path: string
  readonly method: string | undefined
  readonly type: string | null
  readonly headers: number
  readonly body: string
}

/** A transport that answers in order, the last answer for ever, and writes down what goes through. */
function transportOf(...answers: (() => Response)[]): LoginTransport & { readonly sent: Sent[] } {
  const sent: Sent[] = []
  return {
    origin: poolOrigin,
    sent,
    async send(path, { method, headers, body }) {
      const all = new Headers(headers)
      sent.push({ path, method, type: all.get('content-type'), headers: [...all].length, body: String(body) })
      const answer = answers[Math.min(sent.length, answers.length) - 1]
      if (answer === undefined) throw new Error('The transport has no answer.')
      return answer()
    },
  }
}

function sourceOf(more: { readonly discoverMembers?: boolean; readonly originator?: string } = {}): SessionSource {
  const { auth } = xenapi({ url: poolOrigin, ...login, ...more })
  if (auth === undefined) throw new Error('There is no session source.')
  return auth
}

const good = () => jsonReply(value(ref))
const goodXml = () => xmlReply(value(ref))
const mislabelled = (outcome: Outcome) =>
  new Response(jsonReply(outcome).body, { headers: { 'content-type': 'text/xml' } })
/** What the engine throws of such a reply. */
const thrown = (members: object) => () => {
  throw Object.assign(new Error('refused'), members)
}

describe('login', () => {
  it('is a call in JSON with an originator, and no header more than it needs', async () => {
    const transport = transportOf(good)
    const session = await sourceOf().open(login, transport)
    expect(transport.sent).toHaveLength(1)
    expect(transport.sent[0]).toMatchObject({ path: '/jsonrpc', method: 'POST', type: 'application/json', headers: 1 })
    expect(JSON.parse(transport.sent[0]?.body ?? '')).toMatchObject({
      jsonrpc: '2.0',
      method: 'session.login_with_password',
      params: ['root', 'p<&"ä', '1.0', 'holdfast'],
    })
    expect(session).toEqual({ ref, format: 'json-rpc-2.0', secrets: [ref, 'p<&"ä'], idleTimeout: 86_400_000 })
  })

  it('names the originator that it was given', async () => {
    const transport = transportOf(good)
    await sourceOf({ originator: 'backup' }).open(login, transport)
    expect(JSON.parse(transport.sent[0]?.body ?? '').params[3]).toBe('backup')
  })

  it.each([
    ['fails in XML', thrown({ kind: 'fatal', code: 'MESSAGE_METHOD_UNKNOWN', response: xmlReply(error('X')) })],
    ['cannot read JSON', thrown({ kind: 'fatal', code: 'Xmlrpc.Parse_error', status: 500 })],
  ])('at a host that %s is made again in XML, and never again in JSON', async (_, tooOld) => {
    const transport = transportOf(tooOld, goodXml)
    const source = sourceOf()
    expect(await source.open(login, transport)).toMatchObject({ ref, format: 'xml-rpc' })
    expect(transport.sent[1]).toMatchObject({ path: '/', method: 'POST', type: 'text/xml', headers: 1 })
    expect(transport.sent[1]?.body).toContain('<methodName>session.login_with_password</methodName>')
    expect(transport.sent[1]?.body).toContain('p&lt;&amp;')
    await source.open(login, transport)
    expect(transport.sent.map(({ path }) => path)).toEqual(['/jsonrpc', '/', '/'])
  })

  it.each([
    ['a refused password', { kind: 'auth', code: 'SESSION_AUTHENTICATION_FAILED', response: xmlReply(error('X')) }],
    ['a host that boots', { kind: 'retryable', code: 'HOST_STILL_BOOTING', response: jsonReply(error('X')) }],
    ['a fatal word in JSON', { kind: 'fatal', code: 'INTERNAL_ERROR', response: jsonReply(error('X')) }],
    ['JSON that calls itself XML', { kind: 'fatal', code: 'INTERNAL_ERROR', response: mislabelled(error('X')) }],
    ['a word that is no page', { kind: 'fatal', code: 'Xmlrpc.Parse_error', status: 200 }],
    ['a lost connection', { kind: 'retryable', code: 'ECONNRESET' }],
  ])('is not made again for %s', async (_, members) => {
    const transport = transportOf(thrown(members))
    await expect(sourceOf().open(login, transport)).rejects.toMatchObject(members)
    expect(transport.sent).toHaveLength(1)
  })

  it.each([
    '',
    '<html>Welcome</html>',
    '{"jsonrpc":"2.0","result":"","id":0}',
    '{"jsonrpc":"2.0","result":{"ref":"x"},"id":0}',
    '{"jsonrpc":"2.0","result":"two\\nlines","id":0}',
    '{"jsonrpc":"2.0","error":{"code":1,"message":"X","data":[]},"id":0}',
  ])('with the answer %j fails and says why', async (body) => {
    const opened = sourceOf().open(
      login,
      transportOf(() => new Response(body, { headers: { 'content-type': 'application/json' } })),
    )
    await expect(opened).rejects.toThrow(
      'login at https://xen.example was answered with status 200, but without a session',
    )
    await expect(opened).rejects.not.toThrow(/p<&|Welcome/)
  })
})

describe('members', () => {
  const record = (address: unknown) => ({ address, hostname: 'xen' })
  const hosts = { 'OpaqueRef:a': record('10.0.0.1'), 'OpaqueRef:b': record('fd00::2'), 'OpaqueRef:c': record('') }

  it.each([
    ['JSON', [good, () => jsonReply(value(hosts))]],
    [
      'XML',
      [thrown({ kind: 'fatal', code: 'X', response: xmlReply(error('X')) }), goodXml, () => xmlReply(value(hosts))],
    ],
  ])('are asked for with one call after the login in %s', async (_, answers) => {
    const transport = transportOf(...answers)
    const session = await sourceOf({ discoverMembers: true }).open(login, transport)
    expect(session.endpoints).toEqual(['10.0.0.1', 'fd00::2'])
    expect(transport.sent.at(-1)?.body).toMatch(/host\.get_all_records.*OpaqueRef:0f4b-11/s)
    expect(transport.sent).toHaveLength(answers.length)
  })

  it.each([
    ['refused', thrown({ kind: 'auth', code: 'RBAC_PERMISSION_DENIED' })],
    ['garbled', () => new Response('<html>')],
    ['odd', () => jsonReply(value(['x', null, 7]))],
    ['nothing', () => jsonReply(value(null))],
  ])('that are %s cost nobody a session', async (_, answer) => {
    const session = await sourceOf({ discoverMembers: true }).open(login, transportOf(good, answer))
    expect(session).toMatchObject({ ref })
    expect(session).not.toHaveProperty('endpoints')
  })
})

const session = { ref: 'OpaqueRef:new', format: 'json-rpc-2.0', secrets: [] } as Session
const outgoing = (
  { url, method, bodyText }: { url: string; method: string; bodyText: string | undefined },
  headers: HeadersInit = {},
): OutgoingRequest => ({ url, method, headers: new Headers(headers), body: bodyText, bodyText })

describe('signs', () => {
  it.each([
    [jsonCall('VM.get_all', sessionPlaceholder), {}, true],
    [xmlCall('VM.get_all', sessionPlaceholder), {}, true],
    [jsonCall('VM.get_all', ref), {}, false],
    [jsonCall('VM.get_by_name_label', ref, sessionPlaceholder), {}, false],
    [jsonCall('session.login_with_password', 'root', 'p'), {}, false],
    [jsonCall('system.listMethods'), {}, false],
    [requestTo('/export?uuid=x'), {}, false],
    [requestTo('/export?session_id=OpaqueRef:SESSION&uuid=x'), {}, true],
    [requestTo('/export?uuid=x&session_id=OpaqueRef%3ASESSION'), {}, true],
    [requestTo('/export?uuid=x&session_id=OpaqueRef%3aSESSION2'), {}, false],
    [requestTo('/export?my_session_id=OpaqueRef:SESSION'), {}, false],
    [requestTo('/import', 'PUT', `{"method":"x","params":["${sessionPlaceholder}"]}`), {}, false],
    [requestTo('/import', 'PUT'), { cookie: 'session_id=OpaqueRef:SESSION' }, true],
    [requestTo('/import', 'PUT'), { cookie: 'task_id=OpaqueRef:t; session_id=OpaqueRef%3ASESSION; a=b' }, true],
    [requestTo('/import', 'PUT'), { cookie: 'session_id=OpaqueRef:1' }, false],
    [requestTo('/import', 'PUT'), { authorization: 'Basic x' }, false],
  ])('%#: %o with %o: %s', (request, headers: Record<string, string>, signs) => {
    expect(sourceOf().shouldSign?.(request, new Headers(headers))).toBe(signs)
  })
})

describe('sign', () => {
  it('writes the session into JSON, and leaves every other byte', () => {
    const body = (of: string) =>
      `{ "method" : "VM.x",\t"params":[ "${of}" , "OpaqueRef:SESSION", 1.0, 9007199254740993 ],"jsonrpc":"2.0","id":7}`
    const request = outgoing(requestTo('/jsonrpc', 'POST', body(sessionPlaceholder)))
    sourceOf().sign(request, session)
    expect(request.body).toBe(body('OpaqueRef:new'))
    expect([...request.headers]).toEqual([])
  })

  it('writes the session into XML, and leaves every other byte', () => {
    const body = (of: string) =>
      `<?xml version='1.0'?>\n<methodCall>\n <methodName>VM.x</methodName><params><param><value><string>${of}</string></value>` +
      '</param><param><value>OpaqueRef:SESSION</value></param><!-- kept --></params></methodCall>\n'
    const request = outgoing(requestTo('/', 'POST', body(sessionPlaceholder)))
    sourceOf().sign(request, session)
    expect(request.body).toBe(body('OpaqueRef:new'))
  })

  it('escapes what the format wants escaped', () => {
    const odd = { ...session, ref: 'Opaque<"&' } as Session
    const [json, xml] = [jsonCall('VM.x', sessionPlaceholder), xmlCall('VM.x', sessionPlaceholder)].map((request) =>
      outgoing(request),
    )
    if (json === undefined || xml === undefined) throw new Error('There is no request.')
    sourceOf().sign(json, odd)
    sourceOf().sign(xml, odd)
    expect(JSON.parse(String(json.body)).params).toEqual(['Opaque<"&'])
    expect(xml.body).toMatch(/<value><string>Opaque&lt;("|&quot;)&amp;<\/string><\/value>/)
  })

  it.each([
    ['?uuid=x&session_id=OpaqueRef:SESSION', '?uuid=x&session_id=OpaqueRef%3Anew'],
    [
      '?session_id=OpaqueRef%3ASESSION&name=OpaqueRef%3ASESSION',
      '?session_id=OpaqueRef%3Anew&name=OpaqueRef%3ASESSION',
    ],
  ])('writes the session into the query %s', (before, after) => {
    const request = outgoing({ url: `${poolOrigin}/export${before}`, method: 'GET', bodyText: undefined })
    sourceOf().sign(request, session)
    expect(request.url).toBe(`${poolOrigin}/export${after}`)
    expect(request.headers.has('cookie')).toBe(false)
  })

  it('writes the session into a cookie, and leaves the body of an import alone', () => {
    const body = jsonCall('VM.x', sessionPlaceholder).bodyText
    const request = outgoing(requestTo('/import', 'PUT', body), { cookie: 'a=b; session_id=OpaqueRef:SESSION' })
    sourceOf().sign(request, session)
    expect(request.headers.get('cookie')).toBe('a=b; session_id=OpaqueRef%3Anew')
    expect(request.body).toBe(body)
  })
})

describe('logout', () => {
  it.each([
    ['json-rpc-2.0', '/jsonrpc', 'application/json'],
    ['xml-rpc', '/', 'text/xml'],
  ])('in %s speaks as the login did', async (format, path, type) => {
    const transport = transportOf(good)
    await sourceOf().close?.({ ref, format, secrets: [] } as Session, transport)
    expect(transport.sent).toHaveLength(1)
    expect(transport.sent[0]).toMatchObject({ path, type, headers: 1 })
    expect(transport.sent[0]?.body).toMatch(/session\.logout.*OpaqueRef:0f4b-11/)
  })
})
