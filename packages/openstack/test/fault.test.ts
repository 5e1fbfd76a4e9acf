import { describe, expect, it } from 'vitest'
import { faultOf } from '../src/index.ts'
import { captured, pages } from './captured.ts'
import { catalogue, read, replyOf } from './tiny.ts'

const login = { method: 'POST', url: 'https://iam.example/v3/auth/tokens?nocatalog=true' }

describe('what servers have sent', () => {
  it.each(captured.map((one) => [one.what, one] as const))('knows %s', (_, { status, text, code, detail }) => {
    const { fault, row } = read(status, text)
    expect(fault).toMatchObject({ code, status })
    if (catalogue.find({ code: code ?? '' }) !== undefined) expect(row).toBe(detail ?? code)
  })
})

describe('a token', () => {
  const isRenewed = (status: number, text: string) => {
    const fault = faultOf(replyOf(status, text))
    const row = fault && catalogue.find(fault)
    return row?.kind === 'auth' && row.reauth
  }

  it.each([
    [401, '{"error":{"code":401,"message":"The request you have made requires authentication."}}'],
    [403, '{"error":{"code":403,"message":"X-Auth-Token is invalid in the request","title":"Forbidden"}}'],
    [403, '{"message":"x-auth-token is INVALID"}'],
    [401, '{"error_code":"APIG.0307","error_msg":"The token must be updated."}'],
    [401, '{"error_code":"APIG.0301","error_msg":"Incorrect IAM authentication information: decrypt token fail"}'],
    [401, '{"error_code":"IAM.0066","error_msg":"The token has expired."}'],
  ])('is stale in a %i that says %s', (status, text) => {
    expect(isRenewed(status, text)).toBe(true)
  })

  it.each([
    [403, '{"error":{"code":403,"message":"You are not authorized to perform the requested action."}}'],
    [403, '{"error_code":"CSBS.9009","error_msg":"User is unverified."}'],
    [403, '{"error_code":"CSBS.9009","error_msg":"X-Auth-Token is invalid"}'],
    [401, '{"error_code":"APIG.0301","error_msg":"… AK access failed to reach the limit,forbidden"}'],
    [401, '{"error_code":"APIG.0301","error_msg":"… Get secretKey failed,ak:EXAMPLE,err:ak not exist"}'],
    [401, '{"error_code":"APIG.0301","error_msg":"… verify aksk signature fail"}'],
    [401, '{"error_code":"APIG.0301","error_msg":"… verify ak sk signature fail"}'],
    [401, '{"error_code":"APIGW.0301","error_msg":"verify ak sk signature failed"}'],
    [400, '{"error_code":"APIG.0602","error_msg":"security token has expired"}'],
    [401, '{"error_code":"APIGW.0602","error_msg":"The SecurityToken has expired"}'],
    [401, '{"error_code":"APIGW.0301","error_msg":"… ak EXAMPLE not exist"}'],
    [401, '{"error_code":"IAM.0061","error_msg":"The account is locked."}'],
  ])('is not the reason of a %i that says %s', (status, text) => {
    expect(isRenewed(status, text)).toBe(false)
  })
})

it('a throttle of 498 says what its page does', () => {
  const fault = faultOf(replyOf(498, '<html><body><h1>498 Rate Limited</h1></body></html>'))
  expect(fault).toMatchObject({ code: 'overLimit', message: '498 Rate Limited' })
})

describe('a key', () => {
  it.each([
    [401, 'APIG.0301', 'Incorrect IAM authentication information: verify ak sk signature fail', 'AKSK_SIGNATURE'],
    [401, 'APIGW.0301', 'verify ak sk signature failed', 'AKSK_SIGNATURE'],
    [401, 'APIG.0301', 'verify aksk signature fail', 'AKSK_SIGNATURE'],
    [401, 'APIGW.0301', 'Verify AK/SK signature fail', 'AKSK_SIGNATURE'],
    [400, 'APIG.0602', 'The security token has expired.', 'AKSK_EXPIRED'],
    [401, 'APIG.0602', 'security token has expired', 'AKSK_EXPIRED'],
    [403, 'APIGW.0602', 'SecurityToken expired', 'AKSK_EXPIRED'],
  ])('is refused in a %i with %s that says %s', (status, code, message, row) => {
    expect(read(status, JSON.stringify({ error_code: code, error_msg: message })).row).toBe(row)
  })

  it('is not what a malformed request is about', () => {
    const { fault } = read(400, '{"error_code":"APIG.0602","error_msg":"Bad request."}')
    expect(fault && catalogue.find(fault)).toMatchObject({ code: 'APIG.0602', kind: 'fatal' })
  })
})

describe('throttling', () => {
  const waits = (code: string, message: string, headers?: HeadersInit) =>
    faultOf(replyOf(429, JSON.stringify({ error_code: code, error_msg: message }), headers && { headers }))?.params

  it.each([
    ['APIG.0308', 'policy ip over ratelimit,limit:5,time:1 minute', 60],
    ['APIGW.0308', 'policy user over ratelimit,limit:100,time:1 second', 1],
    ['APIG.0308', 'policy app over ratelimit,limit:5,time:2 hour', 7_200],
    ['APIG.0308', 'policy domain over ratelimit,limit:5,time:1 day', 86_400],
    ['IAM.0012', 'Request throttled. Threshold: 10 times per 60 seconds', 60],
  ])('of %s that says %j lasts %i seconds', (code, message, seconds) => {
    expect(waits(code, message)).toEqual([seconds])
  })

  it('has no window where the message names none', () => {
    expect(waits('APIG.0308', 'The throttling threshold has been reached.')).toBeUndefined()
    expect(waits('APIG.0308', 'time:soon')).toBeUndefined()
  })

  it('has no window that is longer than a day', () => {
    expect(waits('APIG.0308', 'limit:5,time:2 day')).toBeUndefined()
    expect(waits('APIG.0308', 'limit:5,time:999999 hour')).toBeUndefined()
  })

  it('leaves the word to a header that names seconds', () => {
    expect(waits('APIG.0308', 'limit:5,time:1 day', { 'retry-after': '17' })).toBeUndefined()
  })

  it('leaves the word to a header that names a date ahead', () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    expect(waits('APIG.0308', 'limit:5,time:1 day', { 'retry-after': date })).toBeUndefined()
  })

  it.each(['0', 'soon', '', 'Fri, 31 Dec 1999 23:59:59 GMT', '9'.repeat(400)])(
    'does not leave it to one that says %j',
    (value) => {
      expect(waits('APIG.0308', 'limit:5,time:1 minute', { 'retry-after': value })).toEqual([60])
    },
  )

  it('without a code may name its window, too', () => {
    expect(faultOf(replyOf(429, '{"message":"limit:5,time:1 minute"}'))).toMatchObject({
      code: 'overLimit',
      retryAfter: 60_000,
    })
  })

  it('is known by its words where it has the name of a quota', () => {
    expect(read(413, '{"overLimit":{"code":413,"message":"This request was rate-limited.","retryAfter":"7"}}')).toEqual(
      {
        fault: {
          code: 'overLimit',
          status: 413,
          message: 'This request was rate-limited.',
          params: ['This request was rate-limited.'],
          retryAfter: 7_000,
        },
        row: 'RATE_LIMITED',
      },
    )
  })

  it('and a quota are two things', () => {
    const quota = faultOf(replyOf(413, '{"overLimit":{"code":413,"message":"too many","retryAfter":"0"}}'))
    expect(quota && catalogue.find(quota)).toMatchObject({ code: 'overLimit', kind: 'fatal' })
  })
})

describe('a page', () => {
  it.each([502, 503, 504])('with %i is the balancer’s', (status) => {
    const { fault, row } = read(status, pages.balancer)
    expect(fault).toEqual({ code: `BALANCER_${status}`, status, message: 'Error The backend server is unreachable.' })
    expect(row).toBe(`BALANCER_${status}`)
  })

  it('may tell that the identity service is gone: then nothing was done', () => {
    const { fault, row } = read(503, pages.identityDown, { headers: { 'x-openstack-request-id': 'req-1' } })
    expect(row).toBe('IDENTITY_DOWN')
    expect(fault?.message).toMatch(/temporarily unavailable\. \(request id req-1\)$/)
    expect(
      read(503, '{"message":"The Keystone service is temporarily unavailable.\\n\\n","code":"503 Service Unavailable"}')
        .row,
    ).toBe('IDENTITY_DOWN')
  })

  it.each([400, 401, 404, 500, 501])('with %i is left to its status', (status) => {
    expect(faultOf(replyOf(status, pages.balancer))).toBeUndefined()
  })

  it('of nothing but openings is read as fast as any other', () => {
    for (const text of ['<html>'.repeat(10_000), `<html>${'<'.repeat(60_000)}`, `<html>${'<style '.repeat(9_000)}`]) {
      expect(faultOf(replyOf(502, text))?.code).toBe('BALANCER_502')
    }
  })
})

describe('the id of a request', () => {
  const text = '{"error_code":"A.1","error_msg":"no","request_id":"in-body"}'

  it('ends the message, from a header or the body', () => {
    expect(faultOf(replyOf(400, text))?.message).toBe('no (request id in-body)')
    expect(faultOf(replyOf(400, text, { headers: { 'X-Request-Id': 'in-header' } }))?.message).toBe(
      'no (request id in-header)',
    )
    const headers = { 'x-openstack-request-id': 'req-cc0005d0' }
    expect(faultOf(replyOf(404, '{"itemNotFound":{"code":404}}', { headers }))?.message).toBe(
      '(request id req-cc0005d0)',
    )
  })

  it('is no part of what rows look at', () => {
    const { fault } = read(403, '{"message":"no right"}', { headers: { 'x-request-id': 'x-auth-token-is-invalid' } })
    expect(fault?.params).toEqual(['no right'])
  })

  it('is left out where it is none', () => {
    expect(faultOf(replyOf(400, text.replace('in-body', 'a b\\nc')))?.message).toBe('no')
  })
})

describe('a login', () => {
  const nobody = '{"error":{"code":404,"message":"Could not find project: nope.","title":"Not Found"}}'

  it('that is answered with 404 is refused', () => {
    const { fault } = read(404, nobody, login)
    expect(fault).toMatchObject({ code: 'unauthorized', status: 404 })
    expect(fault && catalogue.find(fault)).toMatchObject({ kind: 'auth', reauth: false })
    expect(read(404, nobody, { ...login, url: 'https://iam.example/identity/v3/auth/tokens' }).row).toBe('unauthorized')
  })

  it.each([
    [401, '{"error_code":"IAM.0099","error_msg":"3 tries left"}', 'unauthorized', 'IAM.0099: 3 tries left'],
    [401, '{"code":"111401001"}', 'unauthorized', '111401001'],
    [403, '{"error_code":"IAM.0099","error_msg":"locked"}', 'forbidden', 'IAM.0099: locked'],
    [403, '{"code":"NEW.1","message":"no","request_id":"r-1"}', 'forbidden', 'NEW.1: no (request id r-1)'],
  ])('that is refused with %i and a code that nobody knows is refused: %s', (status, text, code, message) => {
    const { fault } = read(status, text, login)
    expect(fault).toMatchObject({ code, status, message })
    expect(fault && catalogue.find(fault)?.kind).toBe('auth')
  })

  it('is one with a slash behind its path, too', () => {
    const slashed = { ...login, url: 'https://iam.example/v3/auth/tokens/' }
    expect(read(401, '{"error_code":"IAM.0099","error_msg":"locked"}', slashed).fault?.code).toBe('unauthorized')
    expect(read(404, nobody, slashed).fault?.code).toBe('unauthorized')
  })

  it('keeps a code that is known, and one that comes with no refusal', () => {
    expect(read(401, '{"error_code":"IAM.0061","error_msg":"locked"}', login).row).toBe('IAM.0061')
    expect(read(400, '{"error_code":"IAM.0099","error_msg":"m"}', login).fault?.code).toBe('IAM.0099')
    expect(read(401, '{"error_code":"IAM.0099","error_msg":"m"}').fault?.code).toBe('IAM.0099')
  })

  it('is the POST, and what the gateway says of it is its own', () => {
    expect(read(404, nobody, { ...login, method: 'GET' }).row).toBe('itemNotFound')
    expect(read(404, '{"error_code":"APIG.0101","error_msg":"no API"}', login).row).toBe('APIG.0101')
  })
})

it('gives the identity service’s codes their prefix', () => {
  expect(read(400, '{"error_code":1101,"error_msg":"m"}').row).toBe('IAM.1101')
  expect(read(400, '{"error":{"code":"1103","message":"m"}}').row).toBe('IAM.1103')
  expect(read(400, '{"error_code":4711,"error_msg":"m"}').fault?.code).toBe('4711')
})

it('believes the status where a name is everybody’s', () => {
  expect(read(500, '{"computeFault":{"code":500,"message":"m"}}').row).toBe('computeFault')
  expect(read(503, '{"computeFault":{"code":503,"message":"m"}}').row).toBe('serviceUnavailable')
  expect(read(422, '{"computeFault":{"code":422,"message":"m"}}').fault).toBeUndefined()
  expect(read(404, '{"quotaSet":{"code":404,"message":"m"}}').row).toBe('itemNotFound')
})

it('finds nothing in a success, an empty body and what nobody understands', () => {
  expect(faultOf(replyOf(200, '{"error_code":"A.1","error_msg":"m"}'))).toBeUndefined()
  expect(faultOf(replyOf(300, '{"versions":{"values":[{"id":"v3.14"}]}}'))).toBeUndefined()
  for (const text of ['', '  ', 'upstream connect error', '{"a":1}', '[]', '{"error_code":"A.1",']) {
    expect(faultOf(replyOf(500, text))).toBeUndefined()
  }
})
