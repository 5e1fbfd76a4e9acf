import { describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { failure } from './helpers/play.ts'
import { fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const isRequest = (input: string | Request): input is Request => typeof input === 'object'
const headersOf = (init: RequestInit | undefined) => new Headers(init?.headers)

/** Of Azure's API Management and Functions, Datadog, S3, and others. */
const gatewayKeys = [
  'Ocp-Apim-Subscription-Key',
  'x-functions-key',
  'DD-APPLICATION-KEY',
  'x-amz-server-side-encryption-customer-key',
  'X-Master-Key',
  'X-Account-Key',
  ...['Fastly-Key', 'X-ClickHouse-Key', 'X-PAN-KEY', 'X-Query-Key', 'X-License-Key', 'X-Gotify-Key', 'X-HW-AppKey'],
  ...['X-Container-Meta-Temp-URL-Key-2', 'X-Parse-Client-Key', 'X-Honeycomb-Team', 'x-vercel-protection-bypass'],
]

/** RFC 9449 and others that prove who sends a request; second factors, sessions, signatures, and tokens against forgery. */
const proofs = [
  ...['DPoP', 'Signature-Input', 'X-WSSE', 'Grpc-Metadata-macaroon', 'X-Amzn-Oidc-Data', 'X-Goog-IAP-JWT-Assertion'],
  ...['X-GitHub-OTP', 'X-TOTP', 'X-2FA-Code', 'X-MFA', 'X-Storage-Pass', 'X-NITRO-PASS', 'X-Auth', 'X-Sentry-Auth'],
  ...['X-chkp-sid', 'X-Auth-Ticket', 'X-Nf-Sign', 'CB-ACCESS-SIGN', 'X-Shopify-Hmac-Sha256', 'Jenkins-Crumb', 'X-CSRF'],
  ...['X-Origin-Verify', 'X-SAML', 'Authentication', 'X-Authentication', 'X-Bearer', 'X-PW', 'X-PSK', 'PHPSESSID'],
]

/** Credentials by their form, under names that say nothing. */
const byForm = [
  'Bearer abcdefgh-1234',
  `Basic ${btoa('user:abcdefgh')}`,
  `Negotiate ${btoa('abcdefgh')}`,
  `eyJhbGciOiJIUzI1NiJ9.${btoa('{"sub":"1"}').replace(/=/g, '')}.abcdefgh`,
]

const noCredentials = [
  ...['Idempotency-Key', 'X-Idempotency-Key', 'Sec-WebSocket-Key', 'Surrogate-Key', 'X-Cache-Key', 'X-Partition-Key'],
  ...['X-Request-Id', 'traceparent', 'If-Match', 'X-Author', 'X-Country-Code', 'X-Design', 'X-Map', 'X-Inside'],
]

describe('a credential that a caller shows to a client without a vendor', () => {
  it.each([
    'x-auth-token',
    'x-security-token',
    'x-api-key',
    'x-session-id',
    'api-secret',
    'Private-Token',
    ...gatewayKeys,
    ...proofs,
  ])('stays with the origin that it was given for: %s', async (name) => {
    for (const method of ['GET', 'POST'])
      for (const way of ['init', 'Request', 'beforeAttempt']) {
        const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://stranger.example/things' }), fine)
        const headers = { [name]: 'abcdefgh', 'x-plain': '1' }
        if (way === 'init') await resilient(fetch)(url, { method, headers })
        else if (way === 'Request') await resilient(fetch)(new Request(url, { method, headers }))
        else await resilient(fetch, { beforeAttempt: () => headers })(url, { method })
        const shown = sent.map(({ input, init }) => new Request(input, init))
        expect(shown.map((one) => one.url)).toEqual([url, 'https://stranger.example/things'])
        expect(shown.map((one) => one.headers.get(name))).toEqual(['abcdefgh', null])
        expect(shown[1]?.headers.get('x-plain')).toBe('1')
      }
  })

  it.each(byForm)('stays with it under any name, and is told by nobody: %s', async (value) => {
    const { fetch, sent } = stubFetch(reply(302, null, { location: 'https://stranger.example/things' }), fine)
    await resilient(fetch)(url, { headers: { 'x-upstream': value } })
    expect(sent.map(({ init }) => headersOf(init).get('x-upstream'))).toEqual([value, null])
    const [, secret = value] = value.split(' ')
    const echo = stubFetch(reply(400, `no ${secret}, nor abcdefgh`, { 'content-type': 'text/plain' }))
    const error = await resilient(echo.fetch)(url, { headers: { 'x-upstream': value } }).catch((e: unknown) => e)
    expect((error as Error).message).toContain('no [redacted]')
    expect((error as Error).message).not.toContain(secret)
  })

  it.each(['Basic plan', 'Bearer of news', 'eyJustAWord', 'Negotiate'])(
    'is no value that only looks like one: %s',
    async (value) => {
      const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://stranger.example/things' }), fine)
      await resilient(fetch)(url, { method: 'PUT', headers: { 'x-upstream': value } })
      expect(headersOf(sent[1]?.init).get('x-upstream')).toBe(value)
    },
  )

  it.each(noCredentials)('is no header that only looks like one: %s', async (name) => {
    const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://stranger.example/things' }), fine)
    await resilient(fetch)(url, { method: 'PUT', headers: { [name]: 'abcdefgh' } })
    expect(headersOf(sent[1]?.init).get(name)).toBe('abcdefgh')
  })

  it('stays where it stands in an address: Azure reads what is copied from one with a signature', async () => {
    const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://stranger.example/things' }), fine)
    const signed = 'https://a.blob.example/x?sv=2024-11-04&sig=abcdefgh'
    const headers = { 'x-ms-copy-source': signed, referer: 'https://a.example/?page=1' }
    await resilient(fetch)(url, { headers })
    expect(headersOf(sent[1]?.init).get('x-ms-copy-source')).toBeNull()
    expect(headersOf(sent[1]?.init).get('referer')).toBe('https://a.example/?page=1')
    vi.useFakeTimers()
    const echo = stubFetch(reply(400, 'no abcdefgh', { 'content-type': 'text/plain' }))
    expect(JSON.stringify(await failure(resilient(echo.fetch)(url, { headers })))).toMatch(/^(?!.*abcdefgh).*HTTP_400/)
  })

  it('goes on within its origin', async () => {
    const { fetch, sent } = stubFetch(reply(307, null, { location: '/others' }), fine)
    await resilient(fetch)(url, { headers: { 'x-api-key': 'abcdefgh' } })
    expect(headersOf(sent[1]?.init).get('x-api-key')).toBe('abcdefgh')
  })

  // workerd's fetch takes none of them off: the first only from the compatibility date 2025-09-01 on, the others never.
  it.each(['authorization', 'proxy-authorization', 'cookie'])('is not left to fetch: %s', async (name) => {
    const { fetch, sent } = stubFetch(reply(302, null, { location: 'https://stranger.example/things' }), fine)
    await resilient(fetch)(url, { headers: { [name]: 'Bearer abcdefgh', 'x-plain': '1' } })
    expect(sent.map(({ init }) => init?.redirect)).toEqual(['manual', 'manual'])
    expect(sent.map(({ init }) => headersOf(init).get(name))).toEqual(['Bearer abcdefgh', null])
    expect(headersOf(sent[1]?.init).get('x-plain')).toBe('1')
  })
})

describe('a secret in the body of a request by a client without a vendor', () => {
  const stranger = 'https://stranger.example/things'
  const login = { method: 'POST', body: JSON.stringify({ user: 'u', password: 'abcdefgh' }) }

  const fields = new FormData()
  fields.append('password', 'abcdefgh')

  const withFile = new FormData()
  withFile.append('password', 'abcdefgh')
  withFile.append('file', new File([new Uint8Array([0xff, 0xfe, 0])], 'x.bin'))
  const someBytes = new Uint8Array([...new TextEncoder().encode('password=abcdefgh\n'), 0xff, 0xfe])

  it.each<[string, () => BodyInit]>([
    ['JSON', () => login.body],
    ['a form', () => new URLSearchParams({ client_secret: 'abcdefgh' })],
    ['fields', () => fields],
    ['fields and a file', () => withFile],
    ['bytes', () => new TextEncoder().encode(login.body)],
    ['bytes that are no text', () => someBytes],
    ['a blob', () => new Blob([login.body])],
    ['a blob that is no text', () => new Blob([someBytes])],
  ])('does not go on to a stranger, nor is told: %s, made for each attempt or in a Request', async (_, make) => {
    const given: [string | Request, object][] = [
      [url, { method: 'POST', resilience: { body: make } }],
      [new Request(url, { method: 'POST', body: make() }), {}],
      [url, { method: 'POST', body: make() }],
    ]
    for (const [input, init] of given) {
      const { fetch, sent } = stubFetch(reply(307, null, { location: stranger }), fine)
      const call = resilient(fetch)(isRequest(input) ? input.clone() : input, init)
      await expect(call).rejects.toMatchObject({ code: 'REDIRECT_UNTRUSTED', reason: 'untrusted-host' })
      expect(sent).toHaveLength(1)
      const echo = stubFetch(reply(400, 'no abcdefgh', { 'content-type': 'text/plain' }))
      const error = await resilient(echo.fetch)(input, init).catch((thrown: unknown) => thrown)
      expect(JSON.stringify(error)).toContain('HTTP_400')
      expect(JSON.stringify(error)).not.toContain('abcdefgh')
    }
  })

  it.each([
    ['JSON', login.body],
    ['a form', new URLSearchParams({ client_secret: 'abcdefgh' })],
    ['fields', fields],
    ['bytes', new TextEncoder().encode(login.body)],
    ['a blob', new Blob([login.body])],
  ])('does not go on to a stranger: %s', async (_, body) => {
    for (const status of [307, 308]) {
      const { fetch, sent } = stubFetch(reply(status, null, { location: stranger }), fine)
      const call = resilient(fetch)(url, { method: 'POST', body })
      await expect(call).rejects.toMatchObject({ code: 'REDIRECT_UNTRUSTED', reason: 'untrusted-host' })
      expect(sent).toHaveLength(1)
    }
  })

  it.each([
    ['a text', `${'x: y\n'.repeat(50_000)}password: abcdefgh\n`],
    ['a form', `${'a=b&'.repeat(50_000)}password=abcdefgh`],
    ['JSON of many values', JSON.stringify([Array.from({ length: 150_000 }, () => 1), { password: 'abcdefgh' }])],
    ['a long text in JSON', JSON.stringify({ script: `${'echo hi\n'.repeat(20_000)}password=abcdefgh\n` })],
  ])('does not go on to a stranger, nor is told, far behind in %s', async (_, body) => {
    const { fetch, sent } = stubFetch(reply(307, null, { location: stranger }), fine)
    const call = resilient(fetch)(url, { method: 'POST', body })
    await expect(call).rejects.toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(sent).toHaveLength(1)
    const echo = stubFetch(reply(400, 'no abcdefgh', { 'content-type': 'text/plain' }))
    const error = await resilient(echo.fetch)(url, { method: 'POST', body }).catch((thrown: unknown) => thrown)
    expect((error as Error).message).toContain('no [redacted]')
  })

  it('goes on to a host that is trusted, and within its origin', async () => {
    for (const location of [stranger, '/others']) {
      const { fetch, sent } = stubFetch(reply(307, null, { location }), fine)
      await resilient(fetch, { trustedHosts: ['stranger.example'] })(url, login)
      expect(sent[1]?.init?.body).toBe(login.body)
    }
  })

  it('takes no header along to a stranger that a later redirect names', async () => {
    const to = (status: number, location: string) => reply(status, null, { location })
    const { fetch, sent } = stubFetch(to(303, '/seen'), to(302, stranger), fine)
    await resilient(fetch)(url, { ...login, headers: { 'x-api-key': 'abcdefgh', 'x-plain': '1' } })
    expect(sent.map((one) => headersOf(one.init).get('x-api-key'))).toEqual(['abcdefgh', 'abcdefgh', null])
    expect(headersOf(sent[2]?.init).get('x-plain')).toBe('1')
  })

  it('is left behind where the body is', async () => {
    const { fetch, sent } = stubFetch(reply(303, null, { location: stranger }), fine)
    await resilient(fetch)(url, login)
    expect(sent[1]).toMatchObject({ url: stranger, method: 'GET', init: { body: null } })
  })

  it('keeps nobody from a stranger who shows none', async () => {
    const { fetch, sent } = stubFetch(reply(307, null, { location: stranger }), fine)
    await resilient(fetch)(url, { method: 'POST', body: '{"name":"x"}' })
    expect(sent[1]?.url).toBe(stranger)
  })
})

describe('a body that nobody can search, by a client without a vendor', () => {
  const stranger = 'https://stranger.example/things'
  const text = JSON.stringify({ password: 'abcdefgh' })
  const zipped = Uint8Array.of(0x1f, 0x8b, 8, 0)
  const wide = new TextEncoder().encode([...text].join('\0'))
  const stream = () => new Blob([text]).stream()
  const form = new FormData()
  form.append('file', new File([text], 'credentials.json'))
  const made = (body: () => BodyInit): [string, object] => [url, { method: 'POST', resilience: { body } }]
  const given = (body: BodyInit): [string, object] => [url, { method: 'POST', body }]
  const requested = (body: BodyInit): [Request, object] => [new Request(url, { method: 'POST', body }), {}]

  it.each<[string, [string | Request, object]]>([
    ['a stream made for each attempt', made(stream)],
    ['a stream', [url, { method: 'POST', body: stream(), duplex: 'half' }]],
    ['bytes that are no text', given(zipped)],
    ['bytes of UTF-16', given(wide)],
    ['a blob that is no text', given(new Blob([zipped]))],
    ['a blob that is too long', given(new Blob([text.padEnd(2_000_000)]))],
    ['a text that is too long', given('x'.repeat(1_100_000))],
    ['bytes of a text that is too long', given(new TextEncoder().encode('x'.repeat(1_100_000)))],
    ['bytes that are no text, made for each attempt', made(() => zipped)],
    ['a long blob made for each attempt', made(() => new Blob([text.padEnd(2_000_000)]))],
    ['a form with a file', given(form)],
    ['a form with a file, made for each attempt', made(() => form)],
    ['bytes that are no text in a Request', requested(zipped)],
  ])('does not go on to a stranger, for it may hold a secret: %s', async (_, [input, init]) => {
    for (const status of [307, 308]) {
      const { fetch, sent } = stubFetch(reply(status, null, { location: stranger }), fine)
      const call = resilient(fetch)(isRequest(input) ? input.clone() : input, init)
      await expect(call).rejects.toMatchObject({ code: 'REDIRECT_UNTRUSTED', reason: 'untrusted-host' })
      expect(sent).toHaveLength(1)
    }
  })

  it.each<[string, [string | Request, object]]>([
    ['a stream made for each attempt', made(stream)],
    ['bytes that are no text', given(zipped)],
    ['a form with a file', given(form)],
  ])('goes on within its origin, and to a host that is trusted: %s', async (_, [input, init]) => {
    for (const location of [stranger, '/others']) {
      const { fetch, sent } = stubFetch(reply(307, null, { location }), fine)
      await resilient(fetch, { trustedHosts: ['stranger.example'] })(input, init)
      expect(sent).toHaveLength(2)
    }
  })

  it.each<[string, () => BodyInit]>([
    ['a stream', stream],
    ['a text that shows a secret', () => text],
  ])('is asked of the body that has left, and not of one before it: %s', async (_, last) => {
    vi.useFakeTimers()
    const body = vi.fn(last).mockReturnValueOnce(new Blob(['{"name":"x"}']))
    const { fetch, sent } = stubFetch(reply(503), reply(307, null, { location: stranger }), fine)
    const call = resilient(fetch)(url, { method: 'PUT', resilience: { body } })
    expect(await failure(call)).toMatchObject({ code: 'REDIRECT_UNTRUSTED' })
    expect(sent).toHaveLength(2)
  })

  it('is left behind by a redirect that asks for a page', async () => {
    const { fetch, sent } = stubFetch(reply(303, null, { location: stranger }), fine)
    await resilient(fetch)(...given(zipped))
    expect(sent[1]).toMatchObject({ url: stranger, method: 'GET', init: { body: null } })
  })
})

it('`redirect` is read as fetch reads it: a word that is no text is one', async () => {
  const { fetch, sent } = stubFetch(reply(302, null, { location: 'https://stranger.example/things' }), fine)
  await resilient(fetch)(url, { headers: { 'x-api-key': 'abcdefgh' }, redirect: ['follow'] as never })
  expect(sent.map((one) => headersOf(one.init).get('x-api-key'))).toEqual(['abcdefgh', null])
})
