import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { Ring } from './helpers/ring-service.ts'
import { one, type RingRow, ring, two } from './helpers/ring-vendor.ts'
import { fine, reply, type Sent, stubFetch } from './helpers/stub-fetch.ts'

const rpc = `${one}/rpc`
let service: Ring

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const member = (options: ResilientOptions<RingRow> = {}) => resilient(service.fetch, { vendor: ring(), ...options })
const post = (body: BodyInit): RequestInit => ({ method: 'POST', body, duplex: 'half' }) as RequestInit
const blob = (order: object) => new Blob([JSON.stringify(order)], { type: 'application/json' })

describe('a body given as a Blob', () => {
  it('is seen by its vendor, who signs it and keeps its type', async () => {
    await played(member()(rpc, post(blob({ order: 'write' }))))
    expect(service.requests.at(-1)?.order).toEqual({ order: 'write', token: 'token-1' })
    expect(service.requests.at(-1)?.headers.get('content-type')).toBe('application/json')
  })

  it('goes out as it is where nothing is to be signed, each time that it goes', async () => {
    const sent: unknown[] = []
    const client = resilient(
      async (_, init) => {
        sent.push(init?.body)
        return sent.length === 1 ? new Response(null, { status: 503 }) : Response.json({})
      },
      { vendor: ring() },
    )
    const body = blob({ order: 'read', token: 'my-own-token' })
    await played(client(rpc, post(body)))
    expect(sent).toEqual([body, body])
  })

  it('that is too large stays unseen', async () => {
    const client = member({ replayLimit: 10 })
    await played(client(rpc, post(blob({ order: 'write' }))).catch(() => {}))
    const written = service.requests.filter(({ order: asked }) => asked.order === 'write')
    expect(written.map(({ order: asked }) => asked)).toEqual(Array(4).fill({ order: 'write' }))
  })
})

describe('a body that nobody can see', () => {
  const stream = () => blob({ order: 'login', password: 'secret-word' }).stream()
  const form = () => {
    const parts = new FormData()
    parts.set('token', 'my-own-token')
    return parts
  }
  const { auth: _, ...unsigned } = ring()

  it.each<[string, () => BodyInit]>([
    ['a stream', stream],
    ['a form', form],
    ['bytes of another encoding', () => Uint8Array.of(0x22, 0xfc, 0x22)],
    ['a Blob of another encoding', () => new Blob([Uint8Array.of(0x22, 0xfc, 0x22)])],
  ])('may hold a secret, so that it goes to no host that is not trusted: %s', async (_name, body) => {
    const follows = vi.fn<(sent: Sent) => void>()
    const { fetch, sent } = stubFetch((one) => {
      follows(one)
      return reply(307, null, { location: 'https://evil.example/rpc' })(one)
    }, fine)
    const error = await failure(resilient(fetch, { vendor: unsigned })(rpc, post(body())))
    expect(error).toMatchObject({ code: 'REDIRECT_UNTRUSTED', reason: 'untrusted-host' })
    expect(sent.map(({ url, init }) => [url, init?.redirect])).toEqual([[rpc, 'manual']])
  })

  it('is guarded where it reads alike', async () => {
    const { fetch, sent } = stubFetch(reply(302, null, { location: 'https://evil.example/' }), fine)
    const vendor = { ...unsigned, isSafe: () => true }
    expect(await failure(resilient(fetch, { vendor })(rpc, post(stream())))).toMatchObject({
      code: 'REDIRECT_UNTRUSTED',
    })
    expect(sent).toHaveLength(1)
  })

  it('is left as it is, byte for byte, where it is no text in UTF-8', async () => {
    service.answer = ({ order: asked }) => Response.json(asked.order === 'login' ? { token: 'token-1' } : {})
    const sent: Uint8Array[] = []
    const client = resilient(
      async (input, init) => {
        sent.push(new Uint8Array(await new Request(input, init).arrayBuffer()))
        return service.fetch(input, init)
      },
      { vendor: ring() },
    )
    const bytes = new TextEncoder().encode('{"order":"write","name":"B?ro"}')
    bytes[bytes.indexOf(0x3f)] = 0xfc
    await played(client(rpc, post(bytes)))
    await played(client(new Request(rpc, post(bytes))))
    expect(sent.filter((one) => one.includes(0xfc))).toEqual([bytes, bytes])
    expect(sent.some((one) => one.includes(0xef))).toBe(false)
  })

  it('goes to the host that it names, where only that may answer some requests', async () => {
    const vendor = ring({ isHostBound: () => false })
    await played(member({ vendor })(`${two}/rpc`, post(stream())).catch(() => {}))
    expect(service.received.at(-1)).toBe('two login')
  })
})
