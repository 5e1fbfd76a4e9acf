import { describe, expect, it } from 'vitest'
import { startVbs, url, v2, v3 } from './simulator.ts'

const gatewaySays = (status: number, error_code: string, error_msg: unknown = expect.any(String)) => [
  status,
  { error_msg, error_code, request_id: expect.stringMatching(/^[\da-f]{32}$/) },
]
const nativeUnauthorized = [
  401,
  { error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' } },
]
const invalid = { error: { code: 403, message: 'X-Auth-Token is invalid in the request', title: 'Forbidden' } }

describe('a token that is no longer good', () => {
  it('is refused by whoever looks at it', async () => {
    const { users, ask, token, exchange, service } = await startVbs()
    const without = await ask(`${url}${v2}/backuppolicy`)
    expect([without.status, await without.json()]).toEqual(
      gatewaySays(401, 'APIG.0301', 'Incorrect IAM authentication information: x-auth-token not found'),
    )
    expect((await ask(`${url}${v2}/backuppolicy`, { headers: { 'x-auth-token': 'rubbish' } })).status).toBe(401)
    expect(await exchange('GET', `${v2}/backuppolicy`)).toEqual([200, { backup_policies: [] }])
    users.revoke(token)
    const text = '{"error_msg":"The token must be updated.","error_code":"APIG.0307","request_id":"'
    const reply = await ask(`${url}${v2}/backuppolicy`, { headers: { 'x-auth-token': token } })
    const body = await reply.text()
    expect([reply.status, body.startsWith(text), body]).toEqual([
      401,
      true,
      expect.stringContaining(`"${reply.headers.get('x-request-id')}"}`),
    ])
    const native = await ask(`${url}${v3}/backups`, { headers: { 'x-auth-token': token } })
    expect([native.status, await native.json()]).toEqual(nativeUnauthorized)
    expect(native.headers.get('www-authenticate')).toBe('Keystone uri="http://127.0.0.1:5000/v3"')
    expect(service.calls.map(({ code }) => code)).toEqual(['APIG.0301', 'APIG.0301', undefined, 'APIG.0307', '401'])
  })

  it('can be refused with 403', async () => {
    const { users, exchange } = await startVbs({ staleToken: '403' })
    users.expireTokens()
    expect(await exchange('GET', `${v3}/backups`)).toEqual([403, invalid])
  })

  it('can be refused with a code of the policies’, and by the others as ever', async () => {
    const { users, exchange } = await startVbs({ staleToken: 'AutoBackup.0003' })
    users.expireTokens()
    expect(await exchange('GET', `${v2}/backuppolicy`)).toEqual([
      400,
      { error: { code: 'AutoBackup.0003', message: 'The token has expired.' } },
    ])
    expect(await exchange('GET', `${v2}/cloudbackups/quota`)).toEqual(gatewaySays(401, 'APIG.0307'))
    expect(await exchange('GET', `${v3}/backups`)).toEqual(nativeUnauthorized)
  })

  it('is another matter than one for another project, or an identity service that is down', async () => {
    const { users, exchange } = await startVbs()
    expect(await exchange('GET', '/v3/elsewhere/backups')).toMatchObject([403, { forbidden: { code: 403 } }])
    users.outage()
    expect(await exchange('GET', `${v2}/backuppolicy`)).toEqual(gatewaySays(503, 'APIG.0613'))
    expect(await exchange('GET', `${v3}/backups`)).toEqual([
      503,
      expect.stringContaining('The Keystone service is temporarily unavailable.'),
    ])
    users.recover()
    expect((await exchange('GET', `${v3}/backups`))[0]).toBe(200)
  })
})

describe('faults on command', () => {
  it('have three envelopes at VBS', async () => {
    const { service, ask, token } = await startVbs()
    const answered = async (code: string, path: string) => {
      service.faults.fail(code, { message: 'm' })
      const reply = await ask(`${url}${path}`, { headers: { 'x-auth-token': token } })
      return [reply.status, await reply.text()]
    }
    expect(await answered('VolumeBackup.0900', `${v2}/cloudbackups/quota`)).toEqual([
      503,
      '{"error":{"message":"m","code":"VolumeBackup.0900"}}',
    ])
    expect(await answered('AutoBackup.9002', `${v2}/backuppolicy`)).toEqual([
      400,
      '{"error":{"code":"AutoBackup.9002","message":"m"}}',
    ])
    expect(await answered('VolumeBackup.0064', `${v3}/backups`)).toEqual([
      400,
      '{"badRequest": {"code": "VolumeBackup.0064", "message": "m"}}',
    ])
    expect(await answered('serviceUnavailable', `${v3}/backups`)).toEqual([
      503,
      '{"serviceUnavailable": {"code": 503, "message": "m"}}',
    ])
  })
})
