import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isOptionsError, resilient } from '../src/index.ts'
import { inParts } from './helpers/parts.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, fine, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
})

/** Begins a body, and breaks it as undici does. */
const breaksOff: Answer = () => {
  const closed = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' })
  let pulls = 0
  const pull = (controller: ReadableStreamDefaultController) => {
    if (pulls++ === 0) controller.enqueue(new TextEncoder().encode('{"half":'))
    else controller.error(new TypeError('terminated', { cause: closed }))
  }
  return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }))
}

/** Begins a body and goes on with it never. */
const stalls: Answer = () =>
  new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('half')) }))

describe('`bodyNeed: "whole"`', () => {
  it.each([
    ['breaks off', breaksOff],
    ['stalls', stalls],
  ])('repeats a GET whose body %s', async (_, answer) => {
    const { fetch, sent } = stubFetch(answer, fine)
    const got = await played(resilient(fetch, { bodyNeed: 'whole' })(url))
    expect([await got.text(), sent.length]).toEqual(['fine', 2])
  })

  it('repeats no POST whose reply breaks off', async () => {
    const { fetch, sent } = stubFetch(breaksOff, fine)
    const error = await failure(resilient(fetch, { bodyNeed: 'whole' })(url, { method: 'POST' }))
    expect(error).toMatchObject({ code: 'UND_ERR_SOCKET', reason: 'not-repeatable', mayBeDone: true })
    expect(sent).toHaveLength(1)
  })

  it('hands a long body on as a stream, and reads further by a number of bytes', async () => {
    const long = 'x'.repeat(2_000_000)
    const pulled: number[] = []
    const answer: Answer = () => new Response(inParts(long, (sent) => pulled.push(sent)))
    const { fetch } = stubFetch(answer)
    const client = resilient(fetch, { bodyNeed: 'whole' })
    const got = await client(url)
    expect(pulled.at(-1)).toBe(1_100_000)
    expect(await got.text()).toBe(long)
    await client(url, { resilience: { bodyNeed: 4_000_000 } })
    expect(pulled.at(-1)).toBe(2_000_000)
  })

  it('reads no stream of events', async () => {
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1')) })
    const answer = () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    const got = await resilient(async () => answer(), { bodyNeed: 'whole' })(url)
    const first = await got.body?.getReader().read()
    expect(new TextDecoder().decode(first?.value)).toBe('data: 1')
  })

  it.each(['all', 0, -1, 1.5, true])('takes no other word: %s', (bodyNeed) => {
    const make = () => resilient(fetch, { bodyNeed } as never)
    expect(make).toThrow(/`bodyNeed`/)
    try {
      make()
    } catch (error) {
      expect(isOptionsError(error)).toBe(true)
    }
  })
})
