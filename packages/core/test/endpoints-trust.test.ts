import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { played } from './helpers/play.ts'
import { complains, order, Ring, type RingRequest } from './helpers/ring-service.ts'
import { one, orderIn, ring, two } from './helpers/ring-vendor.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

const hosts = ['one.ring.example', 'two.ring.example', 'named.example', 'trusted.example', 'evil.example'] as const
const originOf = (host: string) => `https://${host}:8443`
const host = fc.constantFrom(...hosts)

/** The answer of one endpoint to one request. */
const deed = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: 'serve' } as const) },
  { weight: 3, arbitrary: host.map((to) => ({ do: 'send-on', to }) as const) },
  { weight: 1, arbitrary: host.map((to) => ({ do: 'redirect', to }) as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'refuse-token' } as const) },
  { weight: 2, arbitrary: fc.constant({ do: 'be-dead' } as const) },
)
const deeds = fc.array(deed, { minLength: 1, maxLength: 40 })
const naming = fc.array(fc.array(host, { maxLength: 3 }), { minLength: 1, maxLength: 5 })

/** A service that does as it is told, one deed for each request, and whose logins name these hosts in turn. */
function unruly(script: readonly (typeof deed extends fc.Arbitrary<infer Deed> ? Deed : never)[], names: string[][]) {
  const service = new Ring()
  const usual = service.answer.bind(service)
  let at = 0
  let logins = 0
  // Where a login has just answered, its caller may not have read the answer yet.
  const named = { now: [] as string[], before: [] as string[] }
  service.answer = (request: RingRequest) => {
    const next = script[at++ % script.length] ?? { do: 'serve' }
    if (next.do === 'send-on') return complains('DOOR_FOLLOWS', { params: [next.to] })
    if (next.do === 'redirect')
      return new Response(null, { status: 307, headers: { location: `${originOf(next.to)}/rpc` } })
    if (next.do === 'refuse-token' && request.order.order !== 'login') return complains('TOKEN_GONE')
    if (next.do === 'be-dead')
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      })
    service.leader = request.origin
    if (request.order.order !== 'login') return usual(request)
    service.endpoints = names[logins++ % names.length]
    named.before = named.now
    named.now = (service.endpoints ?? []).map(originOf)
    return usual(request)
  }
  return { service, named }
}

describe('whatever endpoints say and whichever are dead', () => {
  it('no credential goes to a host that is not configured, named by a session, or trusted by the client', async () => {
    await fc.assert(
      fc.asyncProperty(
        deeds,
        naming,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
        async (script, names, who) => {
          const { service, named } = unruly(script, names)
          const strayed: string[] = []
          const answer = service.answer
          service.answer = (request) => {
            const { token, password, order: word = '' } = request.order
            const mayTrust = !word.startsWith('read.wary')
            const origins = [
              one,
              two,
              ...named.now,
              ...named.before,
              ...(mayTrust ? ['https://trusted.example:8443'] : []),
            ]
            if ((token ?? password) !== undefined && !origins.includes(request.origin))
              strayed.push(`${word} at ${request.origin}`)
            return answer(request)
          }
          const vendor = ring()
          const options = { retry: { limit: 2, jitter: 'none' }, breaker: false, budget: false } as const
          const wary = resilient(service.fetch, { vendor, ...options })
          const trusting = wary.extend({ trustedHosts: ['trusted.example'] })
          for (const isWary of who) {
            const call = isWary
              ? wary(`${one}/rpc`, order('read.wary'))
              : trusting(`${two}/rpc`, order('read.trusting'))
            await played(call.catch(() => {}))
          }
          expect(strayed).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })

  it('every call ends, and one that is served has been asked at an endpoint', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, naming, async (script, names) => {
        const { service } = unruly(script, names)
        const client = resilient(service.fetch, { vendor: ring(), trustedHosts: [...hosts] })
        const calls = [1, 2, 3].map((at) => client(`${one}/rpc`, order(`read.${at}`)))
        for (const ended of await played(Promise.allSettled(calls))) {
          if (ended.status === 'fulfilled') expect(orderIn(await ended.value.text())).toHaveProperty('done')
          else expect(ended.reason).toHaveProperty('name', expect.stringMatching(/^(Vendor|Refused)Error$/))
        }
      }),
      { numRuns: 100 },
    )
  })
})
