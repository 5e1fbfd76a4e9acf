import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isOptionsError, resilient, withResilience } from '../src/index.ts'
import { failure } from './helpers/play.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://lodge.example/rooms/7'

beforeEach(() => {
  vi.useFakeTimers()
})

describe('withResilience', () => {
  it('gives a Request options that ride along to whichever client sends it', async () => {
    const request = new Request(url, { method: 'POST', body: 'x' })
    expect(withResilience(request, { idempotent: true, retry: 1 })).toBe(request)
    const { fetch, sent } = stubFetch(reply(503))
    const client = resilient(fetch)
    expect(await failure(client(request))).toMatchObject({ reason: 'attempts' })
    expect(sent).toHaveLength(2)
    expect(sent[0]?.input).toBe(request)
    expect(sent[0]?.init ?? {}).not.toHaveProperty('resilience')
  })

  it('serves code that calls a `fetch` with a Request alone', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const sdk = (send: typeof globalThis.fetch) => send(withResilience(new Request(url), { retry: 0 }))
    expect((await sdk(resilient(fetch).fetch)).status).toBe(503)
    expect(sent).toHaveLength(1)
  })

  it('and failureOf are those of every installed copy of the package', async () => {
    vi.resetModules()
    const other = await import('../src/index.ts')
    const { fetch, sent } = stubFetch(reply(503))
    const answered = await resilient(fetch).fetch(other.withResilience(new Request(url), { retry: 0 }))
    expect(sent).toHaveLength(1)
    expect(other.failureOf(answered)).toMatchObject({ code: 'HTTP_503', reason: 'attempts' })
  })

  it('is outranked by the call’s own word', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const request = withResilience(new Request(url), { retry: 3 })
    await failure(resilient(fetch)(request, { resilience: { retry: 1 } }))
    expect(sent).toHaveLength(2)
  })

  it('speaks for that Request alone', async () => {
    const { fetch, sent } = stubFetch(reply(503))
    const request = withResilience(new Request(url), { retry: 0 })
    await failure(resilient(fetch, { retry: 1 })(new Request(request)))
    expect(sent).toHaveLength(2)
  })

  it('is checked where the vendor is known: when it is sent', async () => {
    const { fetch, sent } = stubFetch(reply(200))
    const request = withResilience(new Request(url), { errors: { HTTP_5O3: { kind: 'fatal' } } })
    await expect(resilient(fetch)(request)).rejects.toSatisfy(isOptionsError)
    expect(sent).toEqual([])
  })
})
