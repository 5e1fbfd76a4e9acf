import { describe, expect, it } from 'vitest'
import { resilient } from '../src/index.ts'
import { fine, reply, type Sent, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const spent = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' }

/** A reply of another host, to which `fetch` has followed a redirect. */
const from = (status: number, address: string, headers: HeadersInit) => (sent: Sent) => {
  if (sent.url !== url) return fine(sent)
  const given = new Response('from there', { status, headers })
  return Object.defineProperties(given, { url: { value: address }, redirected: { value: true } })
}

describe('a host that a redirect leads to', () => {
  const cases = [
    ['a limit that is used up', 200, spent],
    ['a throttle', 429, { 'retry-after': '3600' }],
    ['a pause', 503, { 'retry-after': '3600' }],
  ] as const

  it.each(cases)('holds no caller of the service back: %s', async (_, status, headers) => {
    const { fetch } = stubFetch(from(status, 'https://files.example/7', headers))
    const client = resilient(fetch, { maxWait: 1_000 })
    await client(url).catch(() => {})
    expect(client.state.snapshot()[0]?.pausedFor).toBe(0)
    expect((await client(`${url}/7`)).status).toBe(200)
  })

  it('opens no circuit of the service', async () => {
    const { fetch } = stubFetch(from(500, 'https://files.example/7', {}))
    const client = resilient(fetch, { retry: 0 })
    for (let call = 0; call < 20; call++) await client(url).catch(() => {})
    expect(client.state.snapshot()[0]?.circuit).toBe('closed')
  })

  it.each(cases)('is obeyed where it is the same: %s', async (_, status, headers) => {
    const { fetch } = stubFetch(from(status, 'https://api.example/others', headers))
    const client = resilient(fetch, { maxWait: 1_000 })
    await client(url).catch(() => {})
    expect(client.state.snapshot()[0]?.pausedFor).toBeGreaterThan(1_000)
  })

  it('that the engine itself has followed a redirect to, too', async () => {
    const { fetch } = stubFetch(reply(307, null, { location: 'https://files.example/7' }), (sent) =>
      Object.defineProperty(new Response('no', { status: 429, headers: { 'retry-after': '3600' } }), 'url', {
        value: sent.url,
      }),
    )
    const client = resilient(fetch, { maxWait: 1_000 })
    await expect(client(url, { method: 'POST' })).rejects.toMatchObject({ code: 'HTTP_429', retryAfter: 3_600_000 })
    expect(client.state.snapshot()[0]?.pausedFor).toBe(0)
  })
})
