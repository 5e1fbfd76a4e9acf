import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../src/index.ts'
import type { Reply, Sniff } from '../src/plugin.ts'
import { depot, says } from './helpers/depot.ts'
import { failure, played } from './helpers/play.ts'
import { byBeginning, fineAfter } from './helpers/sniffs.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'
const bytes = (text: string) => new TextEncoder().encode(text)

beforeEach(() => {
  vi.useFakeTimers()
})

/** A body that gives these, and then ends, breaks or falls silent; it knows how much was asked of it. */
function body(parts: readonly Uint8Array[], ending: 'end' | 'silence' | Error = 'end') {
  const left = [...parts]
  const state = { given: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const part = left.shift()
        if (part !== undefined) {
          state.given += part.byteLength
          controller.enqueue(part)
        } else if (ending === 'end') controller.close()
        else if (ending === 'silence') return new Promise<void>(() => {})
        else controller.error(ending)
        return undefined
      },
      cancel: () => {
        state.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, state }
}

/** A client whose vendor sniffs so, over such bodies; it keeps what `parse` was asked. */
function sniffing(sniff: () => Sniff, answer: () => ReadableStream, options: ResilientOptions = {}) {
  const asked: Pick<Reply, 'text' | 'complete'>[] = []
  const plain = depot()
  const vendor = depot({
    bodyNeed: sniff,
    parse: (reply) => {
      asked.push({ text: reply.text, complete: reply.complete })
      return plain.parse(reply)
    },
  })
  const { fetch, sent } = stubFetch(() => new Response(answer()))
  return { client: resilient(fetch, { vendor, retry: 0, ...options }), asked, sent }
}
const always =
  (word: ReturnType<Sniff>): (() => Sniff) =>
  () =>
  () =>
    word
const failed = '{"error":{"code":"LABEL_BAD"}}'
const lost = new TypeError('terminated', {
  cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
})

describe('a success that is known by its beginning', () => {
  it('is passed on as a stream: no more is read than it takes to know it, and nobody parses it', async () => {
    const { stream, state } = body([bytes('{"er'), bytes('a'), bytes('and '), bytes('so on')])
    const { client, asked } = sniffing(byBeginning, () => stream)
    const response = await played(client(url))
    expect([state.given, asked]).toEqual([5, []])
    expect(await response.text()).toBe('{"eraand so on')
  })

  it('comes out byte for byte, however it is cut and whenever it is known', async () => {
    const chunk = fc.uint8Array({ maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), fc.nat(1_500), fc.boolean(), async (parts, at, cloned) => {
        const whole = Buffer.concat(parts)
        const shared = fc.sample(fc.boolean(), 1)[0]
        // Some of it in memory that others use too.
        const given = parts.map((part) => (shared ? Buffer.concat([bytes('x'), part]).subarray(1) : part.slice()))
        const { client } = sniffing(
          () => fineAfter(at),
          () => body(given).stream,
        )
        const response = await played(client(url))
        const copy = cloned ? response.clone() : undefined
        expect(whole.equals(Buffer.from(await response.arrayBuffer()))).toBe(true)
        if (copy) expect(whole.equals(Buffer.from(await copy.arrayBuffer()))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('may break or fall silent after that as any body may', async () => {
    const broken = sniffing(always('fine'), () => body([bytes('x')], lost).stream)
    const response = await played(broken.client(url))
    await expect(response.text()).rejects.toBe(lost)
    const silent = sniffing(always('fine'), () => body([bytes('x')], 'silence').stream, { bodyTimeout: 1_000 })
    const reader = await played(silent.client(url))
    await expect(played(reader.text())).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('is given up with its caller', async () => {
    for (const word of ['more', 'fault'] as const) {
      const { stream, state } = body([bytes('x')], 'silence')
      const controller = new AbortController()
      const { client } = sniffing(always(word), () => stream)
      const reading = client(url, { signal: controller.signal }).then((response) => response.text())
      reading.catch(() => {})
      await vi.advanceTimersByTimeAsync(0)
      controller.abort('enough')
      await expect(reading).rejects.toBe('enough')
      await vi.advanceTimersByTimeAsync(0)
      expect([state.cancelled, vi.getTimerCount()]).toEqual([true, 0])
    }
  })

  it('is asked about as it is, after a MiB that tells nothing, or an end that tells nothing', async () => {
    const part = new Uint8Array(65_536).fill(120)
    const { stream, state } = body(Array.from({ length: 20 }, () => part.slice()))
    const large = sniffing(always('more'), () => stream)
    const response = await played(large.client(url))
    expect(state.given).toBe(1_048_576)
    expect(large.asked).toEqual([{ text: 'x'.repeat(1_048_576), complete: false }])
    expect((await response.arrayBuffer()).byteLength).toBe(20 * 65_536)
    const small = sniffing(always('more'), () => body([bytes('xy'), bytes('z')]).stream)
    expect(await (await played(small.client(url))).text()).toBe('xyz')
    expect(small.asked).toEqual([{ text: 'xyz', complete: true }])
  })

  it('may be empty', async () => {
    const { client, asked } = sniffing(byBeginning, () => body([]).stream)
    expect(await (await played(client(url))).text()).toBe('')
    expect(asked).toEqual([{ text: '', complete: true }])
  })

  it('is sniffed anew for every reply', async () => {
    const replies = [failed.replace('LABEL_BAD', 'BELT_BUSY'), '{"fine":1}']
    const { client, sent } = sniffing(byBeginning, () => body([bytes(replies.shift() ?? '')]).stream, { retry: 1 })
    expect(await (await played(client(url))).json()).toEqual({ fine: 1 })
    expect(sent).toHaveLength(2)
  })
})

describe('a failure that is known by its beginning', () => {
  const cut = [...failed].map((one) => bytes(one))

  it('is read to its end and parsed', async () => {
    const { client, asked } = sniffing(byBeginning, () => body(cut.map((one) => one.slice())).stream)
    expect(await failure(client(url))).toMatchObject({ vendor: 'depot', code: 'LABEL_BAD', status: 200 })
    expect(asked).toEqual([{ text: failed, complete: true }])
  })

  it('is kept whole for whoever asks for it, by both faces', async () => {
    const make = () => sniffing(byBeginning, () => body(cut.map((one) => one.slice())).stream).client
    expect(await (await failure(make()(url))).response?.text()).toBe(failed)
    expect(await (await played(make().fetch(url))).text()).toBe(failed)
  })

  it('is a broken attempt where it breaks off, and tried again', async () => {
    const { fetch, sent } = stubFetch(() => new Response(body(cut.slice(0, 12), lost).stream), fine)
    const client = resilient(fetch, { vendor: depot({ bodyNeed: byBeginning }) })
    expect(await (await played(client(url))).text()).toBe('fine')
    expect(sent).toHaveLength(2)
    const error = await failure(
      resilient(stubFetch(() => new Response(body(cut.slice(0, 12), lost).stream)).fetch, {
        vendor: depot({ bodyNeed: byBeginning }),
      })(url, { method: 'POST' }),
    )
    expect(error).toMatchObject({ code: 'UND_ERR_SOCKET', mayBeDone: true, cause: lost })
  })

  it('is a late attempt where it falls silent, and its socket is freed', async () => {
    const { stream, state } = body(cut.slice(0, 12), 'silence')
    const { client } = sniffing(byBeginning, () => stream, { timeout: 3_000 })
    expect(await failure(client(url))).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
    expect([state.cancelled, vi.getTimerCount()]).toEqual([true, 0])
  })

  it('is read up to 1 MiB, and told as far as it came', async () => {
    const filler = () => new Uint8Array(65_536).fill(120)
    const { stream, state } = body([bytes('{"error"'), ...Array.from({ length: 40 }, filler)])
    const { client, asked } = sniffing(byBeginning, () => stream)
    const response = await played(client(url))
    expect(asked.map(({ complete, text }) => [complete, text.length])).toEqual([[false, 8 + 16 * 65_536]])
    expect(state.given).toBe(8 + 16 * 65_536)
    expect((await response.arrayBuffer()).byteLength).toBe(8 + 40 * 65_536)
  })

  it('may be known in a first chunk that is larger than all bounds', async () => {
    const large = bytes(`{"error":${JSON.stringify({ code: 'LABEL_BAD', message: 'x'.repeat(2_000_000) })}}`)
    const { client } = sniffing(byBeginning, () => body([large]).stream)
    const response = await played(client.fetch(url))
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(2_000_000)
  })

  it('and statuses from 400 on are read whatever a sniff would say', async () => {
    const { fetch } = stubFetch(says('LABEL_BAD'))
    const client = resilient(fetch, { vendor: depot({ bodyNeed: always('fine') }) })
    expect(await failure(client(url))).toMatchObject({ code: 'LABEL_BAD', status: 400 })
  })
})

describe('a sniff that throws', () => {
  it('ends the call as a vendor’s mistake does, and leaves neither socket nor timer behind', async () => {
    const mistake = new Error('I never thought of that')
    const { stream, state } = body([bytes('x')], 'silence')
    const sniff = () => {
      throw mistake
    }
    const controller = new AbortController()
    const { client } = sniffing(
      () => sniff,
      () => stream,
    )
    await expect(played(client(url, { signal: controller.signal }))).rejects.toBe(mistake)
    expect([state.cancelled, vi.getTimerCount()]).toEqual([true, 0])
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })
})

describe('a sniff beside the caller', () => {
  it('in mode observe knows a success by its beginning, and a failure by all of it', async () => {
    const events: ResilienceEvent[] = []
    const observers = [(event: ResilienceEvent) => void events.push(event)]
    const large = Array.from({ length: 100 }, () => new Uint8Array(1_024).fill(120))
    const { stream, state } = body([bytes('beginning'), ...large], 'silence')
    const watched = sniffing(byBeginning, () => stream, { mode: 'observe', observers })
    await watched.client(url)
    await vi.advanceTimersByTimeAsync(0)
    expect(state.given).toBeLessThan(4_096)
    expect([watched.asked, events.map(({ type }) => type)]).toEqual([
      [],
      ['attempt-started', 'attempt-ended', 'call-ended'],
    ])
    await sniffing(byBeginning, () => body([bytes(failed)]).stream, { mode: 'observe', observers }).client(url)
    await vi.advanceTimersByTimeAsync(0)
    expect(events.at(-2)).toMatchObject({ type: 'decision-made', verdict: { code: 'LABEL_BAD' } })
  })

  it.each(['act', 'observe', 'explain'] as const)(
    'is not parsed by the vendor that has called it fine, though it is read on for the user: %s',
    async (how) => {
      const seen: string[] = []
      const classify = ({ text }: { readonly text: string }) => {
        seen.push(text)
        return undefined
      }
      const options: ResilientOptions = { bodyNeed: 'whole', classify, mode: how === 'observe' ? how : 'act' }
      const { client, asked } = sniffing(byBeginning, () => body([bytes('fine'), bytes(' to its end')]).stream, options)
      if (how === 'explain') await client.explain(new Response(body([bytes('fine'), bytes(' to its end')]).stream))
      else await client(url)
      await vi.advanceTimersByTimeAsync(0)
      expect([seen, asked]).toEqual([['fine to its end'], []])
    },
  )

  it('in explain, too', async () => {
    const { client, asked } = sniffing(byBeginning, () => body([]).stream)
    expect(await client.explain(new Response('fine'))).toMatchObject({ decision: { reason: 'fine' } })
    expect(asked).toEqual([])
    expect(await client.explain(new Response(failed))).toMatchObject({ verdict: { code: 'LABEL_BAD' } })
  })
})
