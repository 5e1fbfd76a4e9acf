import { createState, isVendorError, OptionsError, type VendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { createXenApi, type XenApiClientOptions } from '../src/client.ts'
import { poweredOn } from '../src/work/index.ts'
import { failureOfCall, one, password, username, xenOf } from './calls.ts'
import { error, jsonReply, type Outcome, Pool, value, xmlReply } from './pool.ts'
import { useServer } from './use-server.ts'

const server = useServer()
let pool: Pool

beforeEach(() => {
  pool = new Pool(one)
  server.use(pool.handler)
})

const mislabelled = (outcome: Outcome) =>
  new Response(jsonReply(outcome).body, { headers: { 'content-type': 'text/xml' } })
const calls = () => pool.heard.filter(({ method }) => !method.startsWith('session.'))

describe('call', () => {
  it('logs in, puts the session first and returns the value', async () => {
    pool.outcomes.set('VM.get_record', ({ params }) => value({ uuid: params[1], memory: 7, tags: ['a'] }))
    const xen = xenOf()
    expect(await xen.call('VM.get_record', 'OpaqueRef:vm')).toEqual({ uuid: 'OpaqueRef:vm', memory: 7, tags: ['a'] })
    const [call] = calls()
    expect(call).toMatchObject({ path: '/jsonrpc', params: ['OpaqueRef:session-1', 'OpaqueRef:vm'] })
    expect(call?.headers.get('content-type')).toBe('application/json')
    await xen.close()
    expect(pool.sessions.size).toBe(0)
  })

  it('fails with a stack that names the function which waits for it', async () => {
    pool.outcomes.set('VM.get_all', () => error('MESSAGE_PARAMETER_COUNT_MISMATCH', 'VM.get_all', '1', '2'))
    const xen = xenOf()
    async function listMachines() {
      return await xen.call('VM.get_all')
    }
    const thrown = await listMachines().catch((failed: unknown) => failed)
    expect(isVendorError(thrown) && thrown.stack).toMatch(/at (?:async )?listMachines /)
  })

  it('puts no session before what takes none', async () => {
    pool.sessions.add('')
    pool.outcomes.set('system.listMethods', () => value(['a', 'b']))
    expect(await xenOf().call('system.listMethods')).toEqual(['a', 'b'])
    expect(calls()[0]?.params).toEqual([])
    expect(pool.logins).toEqual([])
  })

  it('speaks XML where it is told to, and leaves numbers as they come', async () => {
    pool.outcomes.set('VM.get_record', () => value({ memory: 7, name: '<a>' }))
    expect(await xenOf({ format: 'xml' }).call('VM.get_record', 'OpaqueRef:vm')).toEqual({ memory: '7', name: '<a>' })
    expect(calls()[0]).toMatchObject({ path: '/', format: 'xml' })
    expect(pool.heard.map(({ format, method }) => `${format} ${method}`)).toEqual([
      'xml session.login_with_password',
      'xml VM.get_record',
    ])
  })

  it('speaks XML for good to a host that is too old for JSON', async () => {
    pool.old.add(one)
    const xen = xenOf()
    expect(await xen.call('VM.start', 'vm-1')).toBe('vm-1')
    expect(await xen.call('VM.get_record', 'vm-2')).toBe('vm-2')
    expect(calls().map(({ format, method }) => `${format} ${method}`)).toEqual([
      'json VM.start',
      'xml VM.start',
      'xml VM.get_record',
    ])
  })

  it('speaks XML at once where a login has found out, its own or that of another client', async () => {
    pool.old.add(one)
    const state = createState()
    const heard = () => pool.heard.splice(0).map(({ format, method }) => `${format} ${method}`)
    const xen = xenOf({ state })
    pool.files.set('/export', () => new Response('disk'))
    await xen.fetch(`${one}/export?session_id=OpaqueRef:SESSION`)
    expect(heard()).toEqual(['json session.login_with_password', 'xml session.login_with_password'])
    await xen.call('VM.start', 'vm-1')
    expect(heard()).toEqual(['xml VM.start'])
    const other = xenOf({ state })
    await other.fetch(`${one}/export?session_id=OpaqueRef:SESSION`)
    await other.call('VM.start', 'vm-1')
    expect(heard()).toEqual(['xml VM.start'])
  })

  it('logs in in XML at once where a call has found out', async () => {
    pool.old.add(one)
    const xen = xenOf()
    pool.outcomes.set('system.listMethods', () => value(['a']))
    pool.sessions.add('')
    await xen.call('system.listMethods')
    await xen.call('VM.start', 'vm-1')
    expect(pool.heard.map(({ format, method }) => `${format} ${method}`)).toEqual([
      'json system.listMethods',
      'xml system.listMethods',
      'xml session.login_with_password',
      'xml VM.start',
    ])
  })

  it('speaks XML after a call that has found out and failed', async () => {
    pool.old.add(one)
    pool.outcomes.set('VM.start', () => error('VM_BAD_POWER_STATE', 'vm-1', 'halted', 'running'))
    const xen = xenOf()
    for (let call = 0; call < 2; call++)
      expect(await failureOfCall(xen.call('VM.start', 'vm-1'))).toMatchObject({ code: 'VM_BAD_POWER_STATE' })
    expect(calls().map(({ format }) => format)).toEqual(['json', 'xml', 'xml'])
  })

  it('waits in XML for a state, too, whether or not a call has found out', async () => {
    pool.old.add(one)
    pool.outcomes.set('VM.get_power_state', () => value('Running'))
    await xenOf().until(poweredOn('OpaqueRef:vm'))
    expect(pool.of('VM.get_power_state').at(-1)).toMatchObject({ format: 'xml', params: { 1: 'OpaqueRef:vm' } })
    const xen = xenOf()
    await xen.call('VM.get_record', 'vm-2')
    pool.heard.length = 0
    await xen.until(poweredOn('OpaqueRef:vm'))
    expect(calls().map(({ format, method }) => `${format} ${method}`)).toEqual(['xml VM.get_power_state'])
  })

  it('does not, where it is to speak JSON alone', async () => {
    pool.old.add(one)
    expect(await failureOfCall(xenOf({ format: 'json' }).call('VM.start', 'vm-1'))).toMatchObject({
      code: 'MESSAGE_METHOD_UNKNOWN',
    })
  })

  it.each([
    ['in JSON that calls itself XML', () => mislabelled(value('OpaqueRef:copy'))],
    ['in XML', () => xmlReply(value('OpaqueRef:copy'))],
  ])('that was done is not made again, though it is answered %s', async (_, reply) => {
    pool.outcomes.set('VM.clone', reply)
    expect(await xenOf().call('VM.clone', 'vm-1', 'copy')).toBe('OpaqueRef:copy')
    expect(pool.of('VM.clone')).toHaveLength(1)
  })

  it.each([
    ['INTERNAL_ERROR', () => mislabelled(error('INTERNAL_ERROR', 'half done'))],
    ['Xmlrpc.Parse_error', () => error('Xmlrpc.Parse_error', 'what a plugin raised')],
  ])('that failed is not made again in XML by a host that reads JSON: %s', async (code, reply) => {
    pool.outcomes.set('VM.clone', reply)
    expect(await failureOfCall(xenOf().call('VM.clone', 'vm-1', 'copy'))).toMatchObject({ code })
    expect(pool.of('VM.clone')).toHaveLength(1)
  })

  it('throws what the vendor says', async () => {
    pool.outcomes.set('VM.start', () => error('VM_BAD_POWER_STATE', 'OpaqueRef:vm', 'halted', 'running'))
    const failure = await failureOfCall(xenOf().call('VM.start', 'vm-1'))
    expect(isVendorError(failure, 'xenapi') && failure).toMatchObject({ code: 'VM_BAD_POWER_STATE', kind: 'conflict' })
  })

  it('renews a session that has ended', async () => {
    const xen = xenOf()
    await xen.call('VM.get_record', 'vm-1')
    pool.sessions.clear()
    expect(await xen.call('VM.start', 'vm-1')).toBe('vm-1')
    expect(pool.logins).toHaveLength(2)
  })

  it('is explained by its method', async () => {
    const xen = xenOf()
    const broken = { code: 'HTTP_502' } as const
    expect(await xen.explain(broken, 'VM.get_record', 'OpaqueRef:vm')).toMatchObject({
      decision: { do: 'wait' },
      request: { operation: 'VM.get_record', repeatable: true },
    })
    expect(await xen.explain(broken, 'VM.start', 'OpaqueRef:vm')).toMatchObject({
      decision: { do: 'fail', reason: 'not-repeatable' },
      request: { operation: 'VM.start', repeatable: false },
    })
    pool.outcomes.set('VM.nothing', () => error('MESSAGE_METHOD_UNKNOWN', 'VM.nothing'))
    const failed = (await failureOfCall(xen.call('VM.nothing'))) as VendorError
    expect(await xen.explain(failed, 'VM.start')).toMatchObject({
      decision: { reason: failed.reason },
      request: { operation: 'VM.{method}' },
    })
    expect(pool.heard.map(({ method }) => method)).toEqual(['session.login_with_password', 'VM.nothing'])
    await xen.close()
  })

  it('takes options for a call', async () => {
    let left = 1
    pool.outcomes.set('VM.set_name_label', () => (left-- > 0 ? Response.error() : value('')))
    const xen = xenOf()
    await xen.with({ idempotent: true }).call('VM.set_name_label', 'vm-1', 'web')
    expect(pool.of('VM.set_name_label')).toHaveLength(2)
    const reason = new Error('enough')
    await expect(xen.with({ signal: AbortSignal.abort(reason) }).call('VM.get_all')).rejects.toBe(reason)
  })

  it.each(['json', 'xml'] as const)('too long for a host is not sent in %s', async (format) => {
    const xen = xenOf({ format })
    const long = 'ä'.repeat(153_600)
    await expect(xen.call('VM.set_name_description', 'vm-1', long)).rejects.toThrow(
      /VM\.set_name_description is \d+ bytes long; a host takes 307200 at most/,
    )
    await expect(xen.call('VM.set_name_description', 'vm-1', long)).rejects.toThrow(RangeError)
    expect(pool.heard).toEqual([])
    await xen.call('VM.set_name_description', 'vm-1', 'a'.repeat(300_000))
    expect(calls()).toHaveLength(1)
  })

  it('of event.from carries a number with a fraction in XML, which XAPI wants there', async () => {
    await xenOf({ format: 'xml' }).call('event.from', ['vm'], '', 30)
    expect(calls()[0]?.body).toContain('<double>30.1</double>')
    await xenOf().call('event.from', ['vm'], '', 30)
    expect(JSON.parse(calls()[1]?.body ?? '').params).toEqual(['OpaqueRef:session-2', ['vm'], '', 30])
  })

  it('ends its sessions at the end of a block', async () => {
    {
      await using xen = xenOf()
      await xen.call('VM.get_all')
      expect(pool.sessions.size).toBe(1)
    }
    expect(pool.sessions.size).toBe(0)
  })

  it('that went out without a session is told where to put one', async () => {
    pool.files.set('/export', () => new Response('<html>401</html>', { status: 401 }))
    const failure = async (query: string) =>
      (
        await xenOf()
          .fetch(`${one}/export${query}`)
          .catch((error) => error)
      ).hint
    expect(await failure('?uuid=x')).toContain('`session_id`')
    expect(await failure('?uuid=x')).toContain('`sessionPlaceholder`')
    expect(await failure('?uuid=x&session_id=OpaqueRef:own')).toBe('Log in again.')
  })

  it.each([undefined, 7, ''])('refuses a method that is none: %j', async (method) => {
    const xen = xenOf()
    const named = method as string
    const message = 'A call needs the name of a method, such as `VM.get_all`.'
    await expect(xen.call(named)).rejects.toThrow(message)
    await expect(xen.callAsync(named)).rejects.toThrow(message)
    await expect(xen.start(named)).rejects.toThrow(message)
    expect(pool.heard).toEqual([])
  })

  it('leaves requests of another kind to its fetch', async () => {
    pool.files.set('/export', () => new Response('ustar'))
    const reply = await xenOf().fetch(`${one}/export?session_id=OpaqueRef:SESSION`)
    expect(await reply.text()).toBe('ustar')
    expect(pool.visits[0]?.url).toContain('session-1')
  })
})

describe('an option', () => {
  const untyped = (options: object | null) => () => createXenApi(options as XenApiClientOptions)

  it.each([
    [{ url: one }, TypeError, '`username`'],
    [{ username, password }, TypeError, '`url`'],
    [{ url: one, username, password, format: 'soap' }, TypeError, '`format`'],
    [{ url: one, username, password, members: 'x' }, TypeError, '`members`'],
    [{ url: one, username, password, retries: 3 }, OptionsError, '`retries` is `retry` here.'],
    [
      { url: one, usrname: username, password },
      OptionsError,
      'createXenApi: option `usrname` is not known. Did you mean `username`?',
    ],
    [{ url: one, username, password, retrie: 3 }, OptionsError, 'Did you mean `retry`?'],
    [{ url: one, username, password, retry: -1 }, OptionsError, '`retry`'],
    [{ url: one, username, password, vendor: {} }, OptionsError, '`vendor` is always XenAPI here'],
    [{ url: one, username, password, constructor: 1 }, OptionsError, '`constructor` is not known'],
    [null, OptionsError, 'createXenApi: options must be an object, got null.'],
  ])('%# that cannot be meant is refused', (options, type, text) => {
    expect(untyped(options)).toThrow(type)
    expect(untyped(options)).toThrow(text)
  })
})

it('works through many items, and shows its state, as the client beneath does', async () => {
  pool.outcomes.set('VM.start', ({ params }) => (params[1] === 'b' ? error('VM_REQUIRES_SR', 'b', 'sr') : value('')))
  const xen = xenOf({ retry: 0 })
  const { each, state } = xen
  const results = await each(['a', 'b'], { concurrency: 1 }, (ref) => xen.call<string>('VM.start', ref, false, false))
  expect(results).toMatchObject([
    { item: 'a', status: 'succeeded' },
    { item: 'b', status: 'failed', error: { code: 'VM_REQUIRES_SR' } },
  ])
  expect(state).toBe(xen.fetch.state)
  expect(state.sessions()).toMatchObject([{ state: 'open' }])
  await xen.close()
})
