import { createState, isAuth, isConflict, isVendorError, type ResilientOptions, resilient } from '@holdfast/core'
import { fail, mockVendor, ok, pass, status } from '@holdfast/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { type VsphereRow, type VsphereSurface, vsphere } from '../src/index.ts'
import { type VCenter, vcenter } from '../src/simulator/index.ts'
import { wire } from '../src/testing.ts'
import { useServer } from './simulator.ts'

const url = 'https://vc.example'
const username = 'administrator@vsphere.local'
const password = 'secret'
const server = useServer()
const millisecond = { base: 1, limit: 1 }
const quick = { backoff: { fast: millisecond, slow: millisecond, busy: millisecond } }
let vc: VCenter

beforeEach(() => {
  vc = vcenter({ username, password, origin: url })
  server.use(...vc.handlers)
})

interface Login {
  readonly username?: string
  readonly password?: string
  readonly surface?: VsphereSurface
}

/** A client of this vCenter; retries wait a millisecond. */
function clientOf(options: ResilientOptions<VsphereRow> = {}, login: Login = {}) {
  return resilient(fetch, { vendor: vsphere({ url, username, password, ...login }), retry: quick, ...options })
}

const dataCalls = () => vc.calls.filter(({ path }) => !path.endsWith('/session'))
const loginCalls = () => vc.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/session'))
const list = `${url}/api/vcenter/vm`
const failureOfCall = (call: Promise<Response>) =>
  call.then(
    (response) => expect.unreachable(`answered ${response.status}`),
    (error: unknown) => error,
  )

describe('sessions', () => {
  it.each<[VsphereSurface, string]>([
    ['api', '/api/vcenter/vm'],
    ['rest', '/rest/vcenter/vm'],
  ])('of /%s: one login serves twenty callers at once', async (surface, path) => {
    const client = clientOf({}, { surface })
    const replies = await Promise.all(Array.from({ length: 20 }, () => client(url + path)))
    expect(replies.map((reply) => reply.status)).toEqual(Array(20).fill(200))
    expect(vc.logins).toBe(1)
    expect(new Set(dataCalls().map(({ headers }) => headers['vmware-api-session-id'])).size).toBe(1)
  })

  it('are renewed once for everybody when they have expired', async () => {
    const client = clientOf()
    await client(list)
    vc.expireSessions()
    const replies = await Promise.all(Array.from({ length: 20 }, () => client(list)))
    expect(replies.every((reply) => reply.ok)).toBe(true)
    expect(vc.logins).toBe(2)
  })

  it('never travel beside Basic, not even the caller’s own', async () => {
    const client = clientOf()
    await client(list)
    vc.expireSessions()
    await client(list)
    await failureOfCall(client(list, { headers: { authorization: 'Basic abc' } }))
    await client.close()
    const both = vc.calls.filter(({ headers }) => headers.authorization && headers['vmware-api-session-id'])
    expect(both).toEqual([])
    expect(loginCalls().every(({ headers }) => headers.authorization !== undefined)).toBe(true)
  })

  it('end at the server when the client is closed', async () => {
    const client = clientOf()
    await client(list)
    expect(vc.sessions).toBe(1)
    await client.close()
    expect(vc.sessions).toBe(0)
    expect(vc.calls.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/session', status: 204 })
  })

  it('are not asked for again with a password that was refused', async () => {
    const client = clientOf({}, { password: 'wrong' })
    const errors = await Promise.all(Array.from({ length: 5 }, () => failureOfCall(client(list))))
    errors.push(await failureOfCall(client(list)))
    expect(errors.every((error) => isAuth(error))).toBe(true)
    expect(vc.refusedLogins).toBe(1)
    expect(vc.locked).toBe(false)
    expect(dataCalls()).toEqual([])
  })

  it('are taken anew where a service behind vCenter refuses one for good', async () => {
    const mock = mockVendor(vsphere({ url }), { wire })
    const client = clientOf()
    await client(list)
    server.use(mock.get('/api/vcenter/vm', fail('SESSION_LOGIN_FAILED', { times: 1 })))
    expect((await client(list)).status).toBe(200)
    expect(vc.logins).toBe(2)
  })
})

describe('a login that is not served', () => {
  const limit = 'com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached'

  it('leaves calls alone that hold a session', async () => {
    const state = createState()
    const holder = clientOf({ state, limits: false })
    await holder(list)
    const mock = mockVendor(vsphere({ url }), { wire })
    server.use(mock.post('/api/session', status(503)))
    // Enough failures to open a circuit, one a user, because a failed login is not repeated at once.
    for (let user = 0; user < 15; user++) {
      await failureOfCall(clientOf({ state, retry: false, patience: 0 }, { username: `user-${user}` })(list))
    }
    expect(
      state
        .snapshot()
        .filter(({ circuit }) => circuit !== 'closed')
        .map(({ key }) => key),
    ).toEqual([`vsphere ${url} login`])
    expect((await holder(list)).status).toBe(200)
  })

  it('for too many sessions opens no circuit at all', async () => {
    const state = createState()
    const mock = mockVendor(vsphere({ url }), { wire })
    server.use(mock.post('/api/session', fail(limit)))
    for (let user = 0; user < 15; user++) {
      const error = await failureOfCall(clientOf({ state, retry: false }, { username: `user-${user}` })(list))
      expect(isVendorError(error, 'vsphere') && error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', detail: limit })
    }
    expect(state.snapshot().every(({ circuit }) => circuit === 'closed')).toBe(true)
  })
})

describe('errors', () => {
  it('of one guest say nothing about vCenter', async () => {
    const state = createState()
    const client = clientOf({ state, retry: false })
    const mock = mockVendor(vsphere({ url }), { wire })
    server.use(
      mock.get('/api/vcenter/vm/:vm/guest/identity', fail('com.vmware.api.vcenter.vm.guest.tools_not_running')),
    )
    for (let call = 0; call < 15; call++) await failureOfCall(client(`${list}/vm-1/guest/identity`))
    expect((await client(list)).status).toBe(200)
    expect(state.snapshot().every(({ circuit }) => circuit === 'closed')).toBe(true)
  })

  it('of a busy machine are waited out, though a POST', async () => {
    vc.faults.busy('vm-2', 2)
    const reply = await clientOf()(`${list}/vm-2/power?action=start`, { method: 'POST' })
    expect(reply.status).toBe(204)
    expect(dataCalls().map(({ code, status }) => code ?? status)).toEqual(['RESOURCE_BUSY', 'RESOURCE_BUSY', 204])
  })

  it('that leave the outcome open do not repeat a power action', async () => {
    vc.faults.drop({ when: 'after' })
    const error = await failureOfCall(clientOf()(`${list}/vm-2/power?action=start`, { method: 'POST' }))
    expect(error).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(vc.executed).toHaveLength(1)
  })

  it('that say "done already" may be taken for success', async () => {
    const stop = [`${list}/vm-2/power?action=stop`, { method: 'POST' }] as const
    const error = await failureOfCall(clientOf()(...stop))
    expect(isConflict(error) && error).toMatchObject({
      code: 'ALREADY_IN_DESIRED_STATE',
      detail: 'com.vmware.api.vcenter.vm.power.already_powered_off',
    })
    expect((await clientOf({ acceptAchieved: true })(...stop)).status).toBe(204)
  })

  it('inside a 200 are errors', async () => {
    const mock = mockVendor(vsphere({ url }), { wire })
    const failed = {
      succeeded: false,
      error: { errors: [{ category: 'SERVER', error: { error_type: 'NOT_FOUND', messages: [] } }] },
    }
    server.use(
      mock.post('/api/vcenter/ovf/library-item/:item?action=deploy', ok(failed, { times: 1 }), ok({ succeeded: true })),
    )
    const deploy = [`${url}/api/vcenter/ovf/library-item/i-1?action=deploy`, { method: 'POST', body: '{}' }] as const
    const client = clientOf()
    expect(await failureOfCall(client(...deploy))).toMatchObject({ code: 'NOT_FOUND', status: 200, kind: 'fatal' })
    expect(await (await client(...deploy)).json()).toEqual({ succeeded: true })
  })

  it('of /sdk are none of this vendor’s', async () => {
    const mock = mockVendor(vsphere({ url }), { wire })
    server.use(
      mock.get('/sdk/vim25/8.0.2.0/x', status(500, { body: '{"error_type":"RESOURCE_BUSY","messages":[]}' }), pass()),
    )
    const error = await failureOfCall(clientOf({ retry: false })(`${url}/sdk/vim25/8.0.2.0/x`))
    expect(error).toMatchObject({ vendor: 'http', code: 'HTTP_500' })
    expect(vc.logins).toBe(0)
  })
})
