import { fetchFrom } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { xapi } from '../src/simulator/index.ts'
import { get, json, login, post, say, simulate, url, xml } from './xapi-rpc.ts'

const start = simulate()

/** Everything about a reply but what changes from one to the next. */
const shapeOf = async (reply: Response) => ({
  status: reply.status,
  type: reply.headers.get('content-type'),
  body: await reply.text(),
})

const page = (status: number, title: string, text: string) => ({
  status,
  type: 'text/html',
  body: `<html><body><h1>HTTP ${status} ${title}</h1>${text}</body></html>`,
})

const broken = (exception: string) =>
  page(
    500,
    'internal server error',
    'An unexpected error occurred; please wait a while and try again. If the problem persists, please contact ' +
      `your support representative.<h1> Additional information </h1>${exception}`,
  )

describe('the formats', () => {
  it('answers in XML on one line, status first, strings bare', async () => {
    start()
    const session = await login()
    const answer = (...members: readonly string[]) =>
      `<?xml version="1.0"?><methodResponse><params><param><value><struct>${members.join('')}</struct></value></param></params></methodResponse>`
    const member = (name: string, value: string) => `<member><name>${name}</name>${value}</member>`
    expect(await shapeOf(await post(url, '/', xml('VM.get_power_state', session, 'OpaqueRef:vm-1')))).toEqual({
      status: 200,
      type: 'text/xml',
      body: answer(member('Status', '<value>Success</value>'), member('Value', '<value>Running</value>')),
    })
    expect((await shapeOf(await post(url, '/xmlrpc', xml('VM.start', 'OpaqueRef:gone', '', '', '')))).body).toBe(
      answer(
        member('Status', '<value>Failure</value>'),
        member(
          'ErrorDescription',
          '<value><array><data><value>SESSION_INVALID</value><value>OpaqueRef:gone</value></data></array></value>',
        ),
      ),
    )
  })

  it('answers in JSON-RPC 1.0 and 2.0, compact and with its fields in order', async () => {
    start()
    const session = await login()
    const bodyOf = async (method: string, params: readonly unknown[], version?: '2.0', id?: unknown) => {
      const { type, body } = await shapeOf(await post(url, '/jsonrpc', json(method, params, version, id)))
      expect(type).toBe('application/json')
      return body
    }
    const asked = [session, 'OpaqueRef:vm-1']
    expect(await bodyOf('VM.get_power_state', asked)).toBe('{"result":"Running","error":null,"id":1}')
    expect(await bodyOf('VM.get_power_state', asked, '2.0', 'a')).toBe('{"jsonrpc":"2.0","result":"Running","id":"a"}')
    expect(await bodyOf('VM.get_record', [session, 'x'])).toBe(
      '{"result":null,"error":["HANDLE_INVALID","VM","x"],"id":1}',
    )
    expect(await bodyOf('VM.get_record', [session, 'x'], '2.0', 7)).toBe(
      '{"jsonrpc":"2.0","error":{"code":1,"message":"HANDLE_INVALID","data":["VM","x"]},"id":7}',
    )
  })

  it('writes an error of emergency mode in one way for both JSON-RPCs, without the id of the call', async () => {
    start().restart()
    for (const version of [undefined, '2.0'] as const) {
      const reply = await post(url, '/jsonrpc', json('VM.get_all', ['x'], version, 9))
      expect(await reply.text()).toBe('{"jsonrpc":"2.0","error":["HOST_STILL_BOOTING"],"id":0}')
    }
    expect(await (await post(url, '/', xml('VM.get_all', 'x'))).text()).toContain('<value>HOST_STILL_BOOTING</value>')
  })

  it('writes every type as the server does', async () => {
    start({ vms: { 'a"<&>\u0007b': 'Halted', 'vm-2': 'Halted' } })
    const session = await login()
    const task = await get(url, 'task.create', session, 'label', '')
    const record = async (method: string, ref: string) => (await post(url, '/', xml(method, session, ref))).text()
    const vm = (await get<string[]>(url, 'VM.get_all', session))[0] ?? ''
    expect(await record('VM.get_by_uuid', 'no')).toContain('<value>UUID_INVALID</value><value>VM</value>')
    expect(await (await post(url, '/', xml('VM.get_all_records', session))).text()).toContain(
      '<name>name_label</name><value>a&quot;&lt;&amp;&gt;b</value>',
    )
    expect(await record('task.get_record', task)).toMatch(
      /<name>created<\/name><value><dateTime.iso8601>\d{8}T\d\d:\d\d:\d\dZ<\/dateTime.iso8601><\/value>.*<name>progress<\/name><value><double>0<\/double><\/value>.*<name>error_info<\/name><value><array><data><\/data><\/array><\/value>/,
    )
    const text = await (await post(url, '/jsonrpc', json('task.get_record', [session, task]))).text()
    expect(text).toContain('"progress":0.0,')
    expect(await get(url, 'VM.get_memory_static_max', session, vm)).toBe(4_294_967_296)
    expect(await get(url, 'VM.get_is_a_template', session, vm)).toBe(false)
    const measured = ['VM.query_data_source', session, 'OpaqueRef:vm-2', 'cpu0'] as const
    const [method, ...params] = measured
    expect(await (await post(url, '/jsonrpc', json(method, params))).text()).toBe('{"result":NaN,"error":null,"id":1}')
    expect(await (await post(url, '/', xml(...measured))).text()).toContain('<value><double>nan</double></value>')
  })

  it('lists its methods as a bare value, in XML only', async () => {
    start()
    const text = await (await post(url, '/', xml('system.listMethods'))).text()
    expect(text).toMatch(/^<\?xml version="1.0"\?><methodResponse><params><param><value><array><data><value>Async/)
    expect(await get<string[]>(url, 'system.listMethods')).toContain('VM.get_all_records')
  })

  it('answers as XML at /jsonrpc where the host is too old', async () => {
    start({ hosts: [{ name: 'xen.example', address: '10.0.0.1', formats: 'xml-only' }] })
    const reply = await post(url, '/jsonrpc', json('VM.get_all', ['x'], '2.0'))
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/xml'])
    expect((await post(url, '/', xml('session.login_with_password', 'root', 'secret'))).status).toBe(200)
  })

  it('refuses in the words of the API what is no call of it', async () => {
    start()
    const session = await login()
    expect(await say(url, 'VM.explode', session)).toEqual({ error: ['MESSAGE_METHOD_UNKNOWN', 'VM.explode'] })
    expect(await say(url, 'VM.start', session, 'OpaqueRef:vm-2')).toEqual({
      error: ['MESSAGE_PARAMETER_COUNT_MISMATCH', 'VM.start', '3', '1'],
    })
    expect(await say(url, 'Async.event.from', session, [], '', 1)).toEqual({
      error: ['Fault', 'No async mode for this operation (rpc: Async.event.from)'],
    })
  })
})

describe('the HTTP server below', () => {
  it('shows the exception that reading a malformed request raised', async () => {
    start()
    const shape = async (path: string, body: string) => shapeOf(await post(url, path, body))
    expect(await shape('/', '<methodCall>')).toEqual(broken('Xmlm.Error(_, _)'))
    expect(await shape('/', '<html></html>')).toEqual(
      broken('Xmlrpc.Parse_error(&quot;open_tag(html)&quot;, &quot;open_tag(methodCall)&quot;, _)'),
    )
    expect(await shape('/jsonrpc', '')).toEqual(broken('Yojson.Json_error(&quot;Blank input data&quot;)'))
    const malformed = (text: string) => broken(`Jsonrpc.Malformed_method_request(&quot;${text}&quot;)`)
    const noId = malformed('Invalid field &apos;id&apos; in request body')
    expect(await shape('/jsonrpc', json('VM.get_all', [], '2.0', null))).toEqual(noId)
    expect(await shape('/jsonrpc', '{"method":"a","params":[]}')).toEqual(noId)
    expect(await shape('/jsonrpc', `[${json('VM.get_all', [])}]`)).toEqual(malformed('Invalid request body'))
  })

  it('keeps its limits', async () => {
    start()
    const body = json('VM.get_all', ['x'.repeat(300 * 1024)])
    expect(await shapeOf(await post(url, '/jsonrpc', body))).toEqual(
      broken('Http_svr.Client_requested_size_over_limit'),
    )
    const headers = { 'x-correlation': 'x'.repeat(1000) }
    expect(await shapeOf(await post(url, '/jsonrpc', '', { headers }))).toEqual(
      page(431, 'request header fields too large', 'Exceeded the maximum header size.'),
    )
    expect(await shapeOf(await fetch(`${url}/nowhere`))).toEqual(
      page(403, 'forbidden', 'Access to the requested resource is forbidden.'),
    )
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(501)
    const options = await fetch(url, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  })

  it('writes down what it saw and said, without the secrets', async () => {
    const pool = xapi({ password: 'p&"ss' })
    const ask = fetchFrom(pool.handlers)
    const body = json('session.login_with_password', ['root', 'p&"ss'], '2.0')
    const reply = (await (await ask(`${url}/jsonrpc`, { method: 'POST', body })).json()) as { result: string }
    await ask(`${url}/jsonrpc`, { method: 'POST', body: json('VM.get_record', [reply.result, 'x']) })
    await ask(url, { method: 'POST', body: `${body} ${reply.result}` })
    await ask(`${url}/export?session_id=${encodeURIComponent(reply.result)}&uuid=x`)
    expect(pool.calls).toMatchObject([
      { rpc: 'session.login_with_password', format: 'json-rpc-2.0', status: 200, host: 'xen-1' },
      { rpc: 'VM.get_record', code: 'HANDLE_INVALID', body: json('VM.get_record', ['[session 1]', 'x']) },
      { body: `${json('session.login_with_password', ['root', '[password]'], '2.0')} [session 1]`, status: 500 },
      { path: '/export', query: 'session_id=[session 1]&uuid=x', status: 500 },
    ])
    expect(JSON.stringify(pool.calls)).not.toMatch(/p&.{0,2}"ss|OpaqueRef/)
    await ask(`${url}/jsonrpc`, {
      method: 'POST',
      body: json('pool.join', [reply.result, 'other', 'root', 'hunter22']),
    })
    await ask(`${url}/jsonrpc`, {
      method: 'POST',
      body: json('SR.create', [reply.result, 'x', { target: 'y', chappassword: 'hunter22' }]),
    })
    expect(JSON.stringify(pool.calls)).not.toMatch(/hunter22/)
    expect(pool.calls.at(-1)?.body).toContain('"target":"y"')
    pool.clear()
    expect([pool.calls, pool.executed]).toEqual([[], []])
  })
})
