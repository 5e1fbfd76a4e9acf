import { describe, expect, it } from 'vitest'
import { resilient } from '../src/index.ts'
import { fine, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const headersOf = (init: RequestInit | undefined) => new Headers(init?.headers)

describe('a credential that a caller shows to a client without a vendor', () => {
  it.each(['x-auth-token', 'x-security-token', 'x-api-key', 'x-session-id', 'api-secret', 'Private-Token'])(
    'stays with the origin that it was given for: %s',
    async (name) => {
      for (const method of ['GET', 'POST']) {
        const { fetch, sent } = stubFetch(reply(307, null, { location: 'https://stranger.example/things' }), fine)
        await resilient(fetch)(url, { method, headers: { [name]: 'abcdefgh', 'x-plain': '1' } })
        expect(sent.map((one) => one.url)).toEqual([url, 'https://stranger.example/things'])
        expect([headersOf(sent[0]?.init).get(name), headersOf(sent[1]?.init).get(name)]).toEqual(['abcdefgh', null])
        expect(headersOf(sent[1]?.init).get('x-plain')).toBe('1')
      }
    },
  )

  it('goes on within its origin', async () => {
    const { fetch, sent } = stubFetch(reply(307, null, { location: '/others' }), fine)
    await resilient(fetch)(url, { headers: { 'x-api-key': 'abcdefgh' } })
    expect(headersOf(sent[1]?.init).get('x-api-key')).toBe('abcdefgh')
  })

  it('is left to fetch, which takes it off itself', async () => {
    const { fetch, sent } = stubFetch(fine)
    await resilient(fetch)(url, { headers: { authorization: 'Bearer abcdefgh' } })
    expect(sent[0]?.init?.redirect).toBeUndefined()
  })
})
