import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilientOptions, resilient } from '../src/index.ts'
import { failure } from './helpers/play.ts'
import { complains, order, Ring } from './helpers/ring-service.ts'
import { one, type RingRow, ring } from './helpers/ring-vendor.ts'
import { useShown } from './helpers/use-shown.ts'

const rpc = `${one}/rpc`
const token = 'my-own-token'
let service: Ring
const { everything, observers, shown } = useShown()

beforeEach(() => {
  vi.useFakeTimers()
  service = new Ring()
})

const { auth: _, ...vendor } = ring()
const member = (options: ResilientOptions<RingRow> = {}) => resilient(service.fetch, { vendor, observers, ...options })
const says = (answer: () => Response) => {
  service.answer = answer
}

describe('a secret where a server puts no word of its own into a code', () => {
  const code = `invalid params ["${token}"]`

  it('is told by nobody: not by the error, nor by what was decided', async () => {
    says(() => complains(code, { details: [token] }))
    const error = await failure(member()(rpc, order('write', { token })))
    expect(error).toMatchObject({ code: 'invalid params ["[redacted]"]', reason: 'unlisted' })
    expect(shown.join()).toContain('invalid params')
    expect(everything(error)).not.toContain(token)
  })

  it('is told by nobody in mode observe', async () => {
    says(() => complains(code))
    await member({ mode: 'observe' })(rpc, order('write', { token }))
    await vi.advanceTimersByTimeAsync(0)
    expect(shown.join()).toContain('invalid params')
    expect(shown.join()).not.toContain(token)
  })

  it('is not explained either, for a session in hand', async () => {
    const client = member({ vendor: ring() })
    await client(rpc, order('read'))
    const { verdict, why } = await client.explain(complains('not for token-1'), { method: 'POST', url: rpc })
    expect([verdict?.code, why].join()).toContain('not for [redacted]')
    expect([verdict?.code, why].join()).not.toContain('token-1')
  })

  it('and a code that a row spells stays as it is, whatever the secret', async () => {
    says(() => complains('ORDER_BAD'))
    const error = await failure(member()(rpc, order('write', { token: 'ORDER' })))
    expect(error.code).toBe('ORDER_BAD')
  })
})

describe('a secret that a page repeats', () => {
  it.each([465, 488, 495])('is not cut in two by the end of what is shown, from character %i on', async (before) => {
    says(() => new Response(`${'x'.repeat(before)}${token} and so on`, { status: 400 }))
    const error = await failure(member()(rpc, order('write', { token })))
    expect(error).toMatchObject({ code: 'HTTP_400' })
    expect(everything(error)).toContain('xxx')
    expect(everything(error)).not.toMatch(/my-/)
  })

  it('is short enough to be read', async () => {
    says(() => new Response('x'.repeat(10_000), { status: 400 }))
    expect((await failure(member()(rpc, order('write')))).message.length).toBeLessThan(700)
  })

  const secret = `p&s<w>"o'r/d:é`
  it.each([
    ['XML', 'p&amp;s&lt;w&gt;"o\'r/d:é'],
    ['XML that leaves what it may', 'p&amp;s&lt;w>"o\'r/d:é'],
    ['an attribute', 'p&amp;s&lt;w&gt;&quot;o&apos;r/d:é'],
    ['HTML', 'p&amp;s&lt;w&gt;&quot;o&#39;r/d:é'],
    ['HTML of another kind', 'p&amp;s&lt;w&gt;&#34;o&#x27;r/d:é'],
    ['a URL', encodeURIComponent(secret)],
    ['a URL in small letters', encodeURIComponent(secret).replace(/%../g, (at) => at.toLowerCase())],
  ])('is known as it stands in %s', async (_name, written) => {
    says(() => complains('ORDER_BAD', { message: `got ${written}.`, params: [written] }))
    const error = await failure(member()(rpc, order('write', { password: secret })))
    expect(error.message).toContain('got [redacted].')
    expect(error.params).toEqual({ order: '[redacted]' })
  })
})
