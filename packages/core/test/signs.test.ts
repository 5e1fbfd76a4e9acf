import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import type { RequestFacts, SessionSource } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { order, Ring } from './helpers/ring-service.ts'
import { one, type RingRow, ring, tokens } from './helpers/ring-vendor.ts'

const rpc = `${one}/rpc`
let service: Ring

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const member = (options: ResilientOptions<RingRow> = {}) => resilient(service.fetch, { vendor: ring(), ...options })
const signing = (shouldSign: NonNullable<SessionSource['shouldSign']>) => ring({ auth: { ...tokens, shouldSign } })

describe('a request that the vendor does not want signed', () => {
  it.each<[string, () => [string | Request, RequestInit?]]>([
    ['shows a session of its own', () => [rpc, order('read', { token: 'mine' })]],
    ['shows one in a Request', () => [new Request(rpc, order('read', { token: 'mine' }))]],
    ['asks for a page', () => [`${one}/page`]],
  ])('goes out as it is, and nobody logs in for it: %s', async (_name, input) => {
    const client = member()
    service.serve = () => Response.json({})
    await played(client(...input()).catch(() => {}))
    expect(service.logins).toEqual([])
    expect(service.requests.map(({ order: { token } }) => token)).not.toContain('token-1')
  })

  it('whose session is refused fails at once: it is not ours to renew', async () => {
    const error = await failure(member()(rpc, order('read', { token: 'mine' })))
    expect(error).toMatchObject({ code: 'TOKEN_GONE', kind: 'auth', reason: 'auth' })
    expect(service.logins).toEqual([])
  })
})

describe('the vendor’s word', () => {
  it('stands for the rule of headers: a request with an Authorization is signed, where the vendor wants it', async () => {
    const client = member()
    await played(client(rpc, { ...order('read'), headers: { authorization: 'Basic abc' } }))
    expect(service.requests.at(-1)).toMatchObject({ order: { token: 'token-1' } })
    expect(service.requests.at(-1)?.headers.get('authorization')).toBe('Basic abc')
    const { shouldSign: _, ...plain } = tokens
    const other = member({ vendor: ring({ auth: plain }) })
    await failure(other(rpc, { ...order('read'), headers: { authorization: 'Basic abc' } }))
    expect(service.requests.at(-1)?.order.token).toBeUndefined()
  })

  it('is asked of the request as it is about to leave, with its headers and its body', async () => {
    const asked: [RequestFacts, Headers][] = []
    const vendor = signing((request, headers) => {
      asked.push([request, headers])
      return true
    })
    await played(member({ vendor, init: { headers: { 'x-count': '1' } } })(new Request(rpc, order('read'))))
    expect(asked[0]?.[0]).toMatchObject({ method: 'POST', url: rpc, path: '/rpc', bodyText: '{"order":"read"}' })
    expect(asked[0]?.[1].get('x-count')).toBe('1')
    expect(service.logins).toHaveLength(1)
  })

  it('that is a mistake ends the call with it, before anything is sent', async () => {
    const mistake = new Error('I never thought of that')
    const vendor = signing(() => {
      throw mistake
    })
    await expect(member({ vendor })(rpc, order('read'))).rejects.toBe(mistake)
    expect(service.requests).toEqual([])
  })

  it('is not asked of a request to a host that is not its own', async () => {
    const shouldSign = vi.fn(() => true)
    const client = member({ vendor: signing(shouldSign) })
    service.answer = () => Response.json({})
    await client('https://elsewhere.example/rpc', order('read'))
    expect(shouldSign).not.toHaveBeenCalled()
    expect(service.requests).toMatchObject([{ origin: 'https://elsewhere.example', order: { order: 'read' } }])
  })
})
