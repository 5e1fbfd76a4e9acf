import { getEventListeners } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type CallOptions,
  type Classify,
  type ResilienceEvent,
  type ResilientOptions,
  resilient,
} from '../src/index.ts'
import { failure, played, toTen } from './helpers/play.ts'
import { type Answer, breaks, fine, reply, type Sent, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
})

/** Answers after a time, unless its signal aborts first. */
const after =
  (ms: number, answer: Answer = fine): Answer =>
  async (sent) => {
    const { signal } = sent.init ?? {}
    await new Promise((resolve, reject) => {
      setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    return answer(sent)
  }

type Init = RequestInit & { readonly resilience?: CallOptions }
type Options = Partial<ResilientOptions> & {
  /** What those answers are to. @default a GET */
  readonly known?: Init
}

/** A client that knows 20 answers of 50 ms, and what it sends from then on. */
async function warm({ known, ...options }: Options, ...script: readonly Answer[]) {
  const { fetch, sent } = stubFetch(...(Array(20).fill(after(50)) as [Answer]), ...script)
  const events: ResilienceEvent[] = []
  const client = resilient(fetch, { hedge: true, ...options, observers: [(event) => events.push(event)] })
  for (let time = 0; time < 20; time++) await played(client(url, known))
  const learnt = sent.length
  events.length = 0
  const at = performance.now()
  const since = () => toTen(performance.now() - at)
  return { client, events, since, sent: () => sent.slice(learnt) }
}

const signalOf = ({ init }: Sent) => init?.signal
const typesOf = (events: readonly ResilienceEvent[]) =>
  events.map(({ type }) => type).filter((type) => /hedge/.test(type))

describe('a request whose answer is later than most', () => {
  it('goes on where a redirect points, and that once', async () => {
    const known = { headers: { 'x-api-key': 's3cret-of-mine' } }
    const moved = reply(307, null, { location: '/elsewhere' })
    const { client, events, sent } = await warm({ known }, after(70, moved), after(5_000))
    expect((await played(client(url, known))).status).toBe(200)
    expect(sent().map(({ url: to }) => to)).toEqual([url, url, 'https://api.example/elsewhere'])
    expect(typesOf(events)).toEqual(['hedge-started', 'hedge-ended'])
  })

  it('goes out a second time, and the first good answer counts', async () => {
    const { client, events, since, sent } = await warm({}, after(5_000), after(30, reply(200, 'second')))
    const got = await played(client(url))
    expect([await got.text(), since(), sent().length]).toEqual(['second', 80, 2])
    expect(sent().map((one) => signalOf(one)?.aborted)).toEqual([true, false])
    expect(events.filter(({ type }) => /hedge/.test(type))).toMatchObject([
      { type: 'hedge-started', attempt: 1, url },
      { type: 'hedge-ended', attempt: 1, won: true },
    ])
    expect(client.state.snapshot()).toMatchObject([{ underWay: 0 }])
  })

  it('is one that is later than most of the last hundred', async () => {
    const script = [...Array(20).fill(after(5_000)), ...Array(80).fill(after(60)), ...Array(20).fill(after(50))] as [
      Answer,
    ]
    const { fetch, sent } = stubFetch(...script, after(5_000), after(30, reply(200, 'second')))
    const client = resilient(fetch, { hedge: true })
    for (let time = 0; time < 120; time++) await played(client(url))
    const at = performance.now()
    expect(await (await played(client(url))).text()).toBe('second')
    expect([toTen(performance.now() - at), sent.length]).toEqual([90, 122])
  })

  it.each([
    ['meets a reset', () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })), true],
    ['is refused in the same way', reply(400), false],
  ] as const)(
    'is not surely undone where its first sending is refused and its second %s',
    async (_, second, mayBeDone) => {
      const { fetch, sent } = stubFetch(
        ...(Array(20).fill(after(50)) as [Answer]),
        after(200, reply(400)),
        after(30, second),
      )
      const client = resilient(fetch, { hedge: true, retry: 0, idempotent: true })
      for (let time = 0; time < 20; time++) await played(client(url, { method: 'POST' }))
      const error = await failure(client(url, { method: 'POST' }))
      expect([sent.length - 20, error.outcome, error.mayBeDone]).toEqual([
        2,
        mayBeDone ? 'unknown' : 'rejected',
        mayBeDone,
      ])
    },
  )

  it.each<[string, readonly Answer[]]>([
    ['a failure within a success', [after(30, reply(200, '{"error":1}', { 'content-type': 'application/json' }))]],
    ['a redirect to where nobody is', [after(30, reply(307, null, { location: '/x' })), breaks('ECONNREFUSED')]],
  ])('may be done by the sending that is given up for %s', async (_, answers) => {
    const known = { method: 'POST', resilience: { idempotent: true } }
    const classify: Classify = ({ json }) => (json ? { code: 'NO', kind: 'fatal', outcome: 'rejected' } : undefined)
    const { client } = await warm({ known, classify, retry: 0 }, after(5_000), ...answers)
    expect(await failure(client(url, known))).toMatchObject({ outcome: 'unknown', mayBeDone: true })
  })

  it.each([30, 100])('ends as any call does where `fetch` gives no reply after %d ms', async (ms) => {
    const nothing = () => undefined as never
    const { client } = await warm({}, after(ms, nothing), after(10, nothing))
    await expect(played(client(url))).rejects.toThrow('`fetch` must resolve to a `Response`, got undefined.')
    expect(client.state.snapshot()).toMatchObject([{ underWay: 0 }])
  })

  it('leaves nothing behind on a signal that outlives many calls without limits', async () => {
    const { client } = await warm({ timeout: false, totalTimeout: false }, after(50))
    const { signal } = new AbortController()
    for (let time = 0; time < 5; time++) await played(client(url, { signal }))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('keeps the first answer where that comes before the second', async () => {
    const { client, events, since, sent } = await warm({}, after(80, reply(200, 'first')), after(5_000))
    expect([await (await played(client(url))).text(), since()]).toEqual(['first', 80])
    expect(sent().map((one) => signalOf(one)?.aborted)).toEqual([false, true])
    expect(events.find(({ type }) => type === 'hedge-ended')).toMatchObject({ won: false })
  })

  it('frees the body of the answer that nobody takes', async () => {
    const cancel = vi.fn()
    const late: Answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      return new Response(new ReadableStream({ cancel }))
    }
    const { client } = await warm({}, late, after(10))
    await played(client(url))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(cancel).toHaveBeenCalledTimes(1)
  })

  it('frees the body of a failure, where its caller gives up before the second answer', async () => {
    const cancel = vi.fn()
    const failed = () => new Response(new ReadableStream({ cancel }), { status: 500 })
    const { client } = await warm({}, after(100, failed), after(5_000))
    const controller = new AbortController()
    const ended = expect(client(url, { signal: controller.signal })).rejects.toBe('enough')
    await vi.advanceTimersByTimeAsync(200)
    controller.abort('enough')
    await ended
    expect(cancel).toHaveBeenCalledTimes(1)
  })

  it('is one attempt, with one record of it', async () => {
    const { client, events } = await warm({}, after(5_000), after(10))
    await played(client(url))
    expect(events.map(({ type }) => type)).toEqual([
      'attempt-started',
      'hedge-started',
      'hedge-ended',
      'attempt-ended',
      'call-ended',
    ])
  })

  it('waits for the other where one fails, and has the failure of the first where both do', async () => {
    const { client, sent } = await warm({ retry: false }, after(100), after(10, reply(503)))
    expect(await (await played(client(url))).text()).toBe('fine')
    expect(sent()).toHaveLength(2)
    const other = await warm({ retry: false }, after(100, reply(500, 'one')), after(10, reply(404, 'two')))
    expect(await failure(other.client(url))).toMatchObject({ code: 'HTTP_500' })
  })

  it('ends with its caller’s abort, both of it', async () => {
    const { client, sent } = await warm({}, after(5_000), after(5_000))
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 200)
    await expect(played(client(url, { signal: controller.signal }))).rejects.toThrow('enough')
    expect(sent().map((one) => signalOf(one)?.aborted)).toEqual([true, true])
    expect(client.state.snapshot()).toMatchObject([{ underWay: 0 }])
  })

  it('ends with its time, both of it, and the retry goes out once', async () => {
    const { client, sent } = await warm({ timeout: 1_000 }, after(5_000), after(5_000), after(500))
    await played(client(url))
    expect(sent()).toHaveLength(3)
  })
})

describe('nothing goes out a second time', () => {
  const slow = [after(200), after(200)] as const
  const post = { method: 'POST', body: 'b' }
  const put = { method: 'PUT', body: 'b' }
  const once = async (options: Options, init: Init = {}, at = url) => {
    const { client, events, sent } = await warm(options, ...slow)
    await played(client(at, init))
    expect([sent().length, typesOf(events)]).toEqual([1, []])
  }

  it('but what may be repeated', async () => {
    for (const known of [{ ...post, resilience: { idempotent: true } }, put]) {
      const { client, sent } = await warm({ known }, ...slow)
      await played(client(url, known))
      expect(sent()).toHaveLength(2)
    }
  })

  it('by default', () => once({ hedge: false }))
  it('where a call says so', () => once({}, { resilience: { hedge: false } }))
  it('of a POST', () => once({ known: { ...post, resilience: { idempotent: true } } }, post))
  it('of a stream', () =>
    once({ known: put }, { method: 'PUT', body: new Blob(['b']).stream(), duplex: 'half' } as RequestInit))
  it('of an operation whose answers nobody knows', () => once({}, put))
  it('of another service', () => once({}, {}, 'https://other.example/'))
  it('without a token in the budget', () => once({ budget: { size: 0, perCall: 0, perSecond: 0 } }))
  it('before the time that it waits at least', () => once({ hedge: { least: 500 } }))

  it('while the service holds back: after a 429 it has a limit', async () => {
    const crowd = Array(20).fill(after(50)) as Answer[]
    const { client, sent } = await warm({ retry: false, hedge: { least: 150 } }, reply(429), ...crowd, ...slow)
    await failure(client(url))
    // Until the limit has room for one more.
    await played(Promise.all(crowd.map(() => client(url))))
    const before = sent().length
    await played(client(url))
    expect(client.state.snapshot()).toMatchObject([{ limit: expect.anything() }])
    expect(sent().length - before).toBe(1)
  })

  it('while the circuit is half-open', async () => {
    let isDown = true
    const answer: Answer = (one) => (isDown ? reply(503) : after(200))(one)
    const { client, sent } = await warm({ retry: false, limits: false, patience: 0, breaker: { probes: 2 } }, answer)
    for (let time = 0; time < 50; time++) await failure(client(url))
    expect(client.state.snapshot()).toMatchObject([{ circuit: 'open' }])
    await vi.advanceTimersByTimeAsync(5_000)
    isDown = false
    const before = sent().length
    await played(client(url))
    expect(sent().length - before).toBe(1)
  })

  it('of a retry', async () => {
    const { client, sent } = await warm({ limits: false }, reply(503), after(200), after(10))
    await played(client(url))
    expect(sent()).toHaveLength(2)
  })

  it('by a client that only observes', async () => {
    const { fetch, sent } = stubFetch(after(200))
    const client = resilient(fetch, { hedge: { least: 10, percentile: 0.01 }, mode: 'observe' })
    for (let time = 0; time < 30; time++) await played(client(url))
    expect(sent).toHaveLength(30)
  })
})

it('each costs a token of the budget', async () => {
  const { client, events } = await warm({ budget: { size: 2, perCall: 0, perSecond: 0 } }, after(200), after(200))
  for (let time = 0; time < 5; time++) await played(client(url))
  expect(typesOf(events).filter((type) => type === 'hedge-started')).toHaveLength(2)
})

it('each is one of those that the rate limit still allows', async () => {
  const counted = after(20, reply(200, 'fine', { ratelimit: '"a";r=9;t=600' }))
  const { client, events } = await warm({}, counted, after(200), after(10))
  await played(client(url))
  await played(client(url))
  expect(typesOf(events)).toContain('hedge-started')
  expect(client.state.snapshot()).toMatchObject([{ remaining: 7 }])
})

it.each([['always'], [{ percentile: 95 }], [{ least: 0 }], [{ delay: 1 }]])('takes no %j', (hedge) => {
  expect(() => resilient(fetch, { hedge } as never)).toThrow(/`hedge/)
})
