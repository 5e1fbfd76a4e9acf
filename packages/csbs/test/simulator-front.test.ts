import { describe, expect, it } from 'vitest'
import { pass, providers, startCsbs, url, v1, v2 } from './simulator.ts'

const policies = `${v1}/policies`
const gatewaySays = (status: number, error_code: string, error_msg: unknown = expect.any(String)) => [
  status,
  { error_msg, error_code, request_id: expect.stringMatching(/^[\da-f]{32}$/) },
]
const invalid = { error: { code: 403, message: 'X-Auth-Token is invalid in the request', title: 'Forbidden' } }

describe('a token that is no longer good', () => {
  it('expires by the clock of the identity service', async () => {
    const { exchange } = await startCsbs()
    await pass(3_599)
    expect((await exchange('GET', policies))[0]).toBe(200)
    await pass(1)
    expect(await exchange('GET', policies)).toEqual(gatewaySays(401, 'APIG.0307'))
  })

  it('can be refused with 403', async () => {
    const { users, exchange } = await startCsbs({ staleToken: '403' })
    users.expireTokens()
    expect(await exchange('GET', policies)).toEqual([403, invalid])
  })
})

describe('the gateway', () => {
  it('throttles, and says for how long in a sentence', async () => {
    const { service, ask, token } = await startCsbs({ throttle: { limit: 2, window: 60_000 } })
    const get = () => ask(`${url}${policies}`, { headers: { 'x-auth-token': token } })
    expect([(await get()).status, (await get()).status]).toEqual([200, 200])
    const refused = await get()
    expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([
      429,
      null,
      `{"error_msg":"The throttling threshold has been reached: policy ip over ratelimit,limit:2,time:1 minute","error_code":"APIG.0308","request_id":"${refused.headers.get('x-request-id')}"}`,
    ])
    await pass(59.999)
    expect((await get()).status).toBe(429)
    await pass(0.001)
    expect((await get()).status).toBe(200)
    expect(service.calls.at(-2)).toMatchObject({ status: 429, code: 'APIG.0308' })
  })

  it('names its window in the largest unit that fits', async () => {
    const seconds = await startCsbs({ throttle: { limit: 0, window: 90_000 } })
    expect(await seconds.exchange('GET', policies)).toEqual(
      gatewaySays(429, 'APIG.0308', expect.stringMatching(/time:90 second$/)),
    )
    const hours = await startCsbs({ throttle: { limit: 0, window: 7_200_000 } })
    expect(await hours.exchange('GET', policies)).toEqual(
      gatewaySays(429, 'APIG.0308', expect.stringMatching(/time:2 hour$/)),
    )
  })

  it('answers for an origin of its own where there is no such path', async () => {
    const open = await startCsbs()
    await expect(open.exchange('GET', `${v2}/nothing`)).rejects.toThrow('No handler takes')
    const own = await startCsbs({ url })
    expect(await own.exchange('GET', `${v2}/nothing`)).toEqual(gatewaySays(404, 'APIG.0101'))
  })
})

describe('faults on command', () => {
  const protect = `${providers}/resources/server-1/action`

  it('are written as whoever would exchange them, with the status of the code', async () => {
    const { service, exchange } = await startCsbs()
    const answered = async (code: string, detail = {}) => {
      service.faults.fail(code, { message: 'm', ...detail })
      return exchange('GET', policies)
    }
    expect(await answered('CSBS.9998')).toEqual([500, { error_code: 'CSBS.9998', error_msg: 'm' }])
    expect(await answered('CSBS.9009')).toEqual([403, { error_code: 'CSBS.9009', error_msg: 'm' }])
    expect(await answered('CSBS.9009', { status: 400 })).toEqual([400, { error_code: 'CSBS.9009', error_msg: 'm' }])
    expect(await answered('APIGW.0301')).toEqual(gatewaySays(401, 'APIGW.0301', 'm'))
    expect(await answered('conflictingRequest')).toEqual([409, { conflictingRequest: { code: 409, message: 'm' } }])
    expect(service.calls.at(-1)).toMatchObject({ code: 'conflictingRequest', status: 409 })
  })

  it('come from in front of the service, whoever asks', async () => {
    const { service, ask } = await startCsbs()
    service.faults.badGateway()
    const page = await ask(`${url}${policies}`)
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      502,
      'text/html',
      expect.stringContaining('<td>The backend server is unreachable.<br/></td>'),
    ])
    service.faults.throttle({ limit: 7, window: '30 second' })
    expect(await (await ask(`${url}${policies}`)).text()).toContain('limit:7,time:30 second')
    service.faults.status(503, { retryAfter: 9 })
    const bare = await ask(`${url}${policies}`)
    expect([bare.status, bare.headers.get('retry-after'), await bare.text()]).toEqual([503, '9', ''])
  })

  it('apply before the work or after it, as often as they are told, where they are told', async () => {
    const { service, exchange } = await startCsbs({ durations: { waiting: 0, backup: 0 } })
    const send = () => exchange('POST', protect, { protect: {} })
    service.faults.drop({ method: 'POST', path: '/resources/' })
    await expect(send()).rejects.toThrow('fetch failed')
    expect(service.executed).toEqual([])
    service.faults.drop({ method: 'POST', path: /action$/, when: 'after' })
    service.faults.fail('CSBS.9999', { method: 'POST', when: 'after', times: 2 })
    expect((await exchange('GET', policies))[0]).toBe(200)
    await expect(send()).rejects.toThrow('fetch failed')
    expect(service.executed).toHaveLength(1)
    expect([(await send())[0], (await send())[0], (await send())[0]]).toEqual([500, 500, 200])
    expect(service.backups).toHaveLength(4)
    expect(service.calls.map(({ end, executed, code }) => [end, executed, code])).toEqual([
      ['dropped', undefined, undefined],
      ['replied', undefined, undefined],
      ['dropped', 'backup.create', undefined],
      ['replied', 'backup.create', 'CSBS.9999'],
      ['replied', 'backup.create', 'CSBS.9999'],
      ['replied', 'backup.create', undefined],
    ])
  })

  it('come late or never, until they are over', async () => {
    const { service, ask, token } = await startCsbs()
    const headers = { 'x-auth-token': token }
    service.faults.late(5_000)
    const late = ask(`${url}${policies}`, { headers })
    await pass(4.999)
    expect(service.calls[0]?.end).toBe('pending')
    await pass(0.001)
    expect((await late).status).toBe(200)
    service.faults.hang({ times: 2 })
    const caller = new AbortController()
    const hanging = ask(`${url}${policies}`, { headers, signal: caller.signal })
    await pass(3_000)
    caller.abort(new Error('gone'))
    await expect(hanging).rejects.toThrow('gone')
    service.clearFaults()
    expect((await ask(`${url}${policies}`, { headers })).status).toBe(200)
    service.clear()
    expect([service.calls, service.executed]).toEqual([[], []])
  })
})
