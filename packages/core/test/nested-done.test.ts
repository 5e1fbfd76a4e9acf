import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import type { LoginTransport, SessionSource } from '../src/plugin.ts'
import { depot } from './helpers/depot.ts'
import { failure } from './helpers/play.ts'
import { type Answer, breaks, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const within = { retry: { limit: 2, jitter: 'none' }, idempotent: true } as const
const post = { method: 'POST', body: '{}' }
const to = (status: number): Answer => reply(status, null, { location: '/page' })

beforeEach(() => {
  vi.useFakeTimers()
})

const kinds = [
  ['throws', (client: ReturnType<typeof resilient>) => client],
  ['returns replies', (client: ReturnType<typeof resilient>) => client.fetch],
] as const

describe.each(kinds)('an attempt of a client within that may have done a POST, where that client %s', (_, face) => {
  it.each<[string, readonly [Answer, ...Answer[]]]>([
    ['cannot be reached', [breaks('ECONNREFUSED')]],
    ['refuses it', [reply(404)]],
    ['is redirected to nowhere', [to(307), reply(307, null, { location: 'data:,' })]],
  ])('is not forgotten where it then answers with a redirect whose page %s', async (_name, page) => {
    const { fetch, sent } = stubFetch(reply(502), to(307), ...page)
    const error = await failure(resilient(face(resilient(fetch, within)))(url, post))
    expect(error).toMatchObject({ outcome: 'unknown', mayBeDone: true, mayBeDoneBy: 1 })
    expect(sent.filter((one) => one.url === url)).toHaveLength(2)
  })

  it('is not forgotten where only the one around knows the failure in its reply', async () => {
    const { fetch, sent } = stubFetch(reply(502), reply(200, 'no'))
    const vendor = depot({ bodyNeed: () => 'whole', parse: () => ({ code: 'LABEL_BAD' }) })
    const error = await failure(resilient(face(resilient(fetch, within)), { vendor })(url, post))
    expect([error.mayBeDone, sent.length]).toEqual([true, 2])
  })

  it('is not forgotten by one between them', async () => {
    const { fetch } = stubFetch(reply(502), reply(200, 'no'))
    const vendor = depot({ bodyNeed: () => 'whole', parse: () => ({ code: 'LABEL_BAD' }) })
    const between = resilient(face(resilient(fetch, within)), { bodyNeed: 'whole', bodyTimeout: 1_000 })
    const error = await failure(resilient(face(between), { vendor })(url, post))
    expect(error).toMatchObject({ code: 'LABEL_BAD', mayBeDone: true })
  })

  it('is known from the one attempt of the client within, whose vendor has a code for it', async () => {
    const { fetch, sent } = stubFetch(reply(429))
    const vendor = depot({ parse: () => ({ code: 'BELT_JAMMED' }) })
    const error = await failure(resilient(face(resilient(fetch, { vendor })))(url, post))
    expect([error.outcome, error.mayBeDone, sent.length]).toEqual(['unknown', true, 1])
  })

  it('was none where the one around knows the code, and the client within only the status', async () => {
    const { fetch } = stubFetch(reply(500))
    const vendor = depot({ parse: () => ({ code: 'LABEL_BAD' }) })
    const error = await failure(resilient(resilient(fetch).fetch, { vendor })(url, post))
    expect(error).toMatchObject({ code: 'LABEL_BAD', mayBeDone: false })
  })

  it('was none where it could not log in, whatever status its login has met', async () => {
    const { fetch, sent } = stubFetch(reply(500))
    const open = (_: unknown, to: LoginTransport) => to.send('/login', {})
    const auth = { credentials: () => ({ username: 'u' }), open, sign: () => {} }
    const vendor = depot({ origins: ['https://api.example'], auth: auth as unknown as SessionSource })
    const error = await failure(resilient(face(resilient(fetch, { vendor, retry: 0 })))(url, post))
    expect(error).toMatchObject({ outcome: 'rejected', mayBeDone: false, reason: 'login-failed' })
    expect(sent.map((one) => one.url)).toEqual(['https://api.example/login'])
  })

  it('was none where the service had refused it', async () => {
    const { fetch } = stubFetch(reply(429), to(307), reply(404))
    const error = await failure(resilient(face(resilient(fetch, within)))(url, post))
    expect(error.mayBeDone).toBe(false)
  })
})
