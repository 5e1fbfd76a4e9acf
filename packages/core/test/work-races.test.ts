import { describe, expect, it, vi } from 'vitest'
import { type Fetch, resilient } from '../src/index.ts'
import { withWork } from '../src/work/index.ts'
import { failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { refusal, workshop, workshopOrigin, workshopWork } from './helpers/workshop.ts'

const { shop, events, clientOf, later } = useWorkshop()

/** An answer whose body breaks off, or stops, in the middle. */
function halfAnswer(how: 'breaks off' | 'stops'): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"id":"job-1","sta'))
      if (how === 'breaks off') controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}

/** The first answers to a line are cut in the middle. */
const cut = (wanted: RegExp, times: number, how: 'breaks off' | 'stops' = 'breaks off') => {
  let left = times
  shop.interrupt = (line) => (wanted.test(line) && left-- > 0 ? halfAnswer(how) : undefined)
}
const cancels = () => shop.asked.filter(({ line }) => line.endsWith('/cancel'))

describe('an answer that is cut in the middle', () => {
  it.each(['breaks off', 'stops'] as const)('to a question about work is none: it %s', async (how) => {
    const work = await played(clientOf({ timeout: 5_000 }).start(walls, post))
    cut(/^GET \/jobs/, 3, how)
    later(30_000, { status: 'succeeded', result: 'white' })
    expect(await played(work.result)).toBe('white')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('to a question about a state is none', async () => {
    shop.begin()
    cut(/^GET \/jobs/, 3)
    later(10_000, { status: 'painted' })
    const seen = clientOf().until(`${workshopOrigin}/jobs/job-1`, ({ status }) => status === 'painted')
    expect(await played(seen)).toMatchObject({ status: 'painted' })
  })

  it('to a start leaves it open whether the work was begun', async () => {
    cut(/^POST \/walls/, 1)
    const error = await failure(clientOf().start(walls, post))
    expect(error).toMatchObject({ code: 'NETWORK_ERROR', reason: 'not-repeatable', mayBeDone: true })
    expect(error.message).toContain('The answer broke off: terminated')
    expect(error.verifyWith).toBe('GET /walls')
    expect(shop.asked.filter(({ line }) => line === 'POST /walls')).toHaveLength(1)
  })

  it('to a start is not waited for once its caller has given up', async () => {
    cut(/^POST \/walls/, 1, 'stops')
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 1_000)
    expect((await failure(clientOf().start(walls, { ...post, signal: controller.signal }))).message).toBe('enough')
  })

  it('to the word to cancel is asked for again', async () => {
    const work = await played(clientOf().start(walls, post))
    cut(/\/cancel$/, 1)
    expect(await played(work.cancel())).toMatchObject({ status: 'cancelled' })
    expect(cancels()).toHaveLength(2)
  })
})

describe('cancelling', () => {
  it('twice at once ends it once', async () => {
    const work = await played(clientOf().start(walls, post))
    const ends = await played(Promise.all([work.cancel(), work.cancel()]))
    expect(ends.map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
    expect(events.filter(({ type }) => type === 'work-ended')).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that comes as the work ends tells how it has ended, to whoever waits as well', async () => {
    const work = await played(clientOf().start(walls, post))
    const { result } = work
    await vi.advanceTimersByTimeAsync(300)
    shop.interrupt = (line) => {
      if (line.endsWith('/cancel')) Object.assign(shop.jobs.get('job-1') ?? {}, { status: 'succeeded', result: 3 })
      return undefined
    }
    expect(await played(work.cancel())).toMatchObject({ status: 'succeeded', result: 3 })
    expect(await result).toBe(3)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('what its server does not know any more leaves it lost', async () => {
    const work = await played(clientOf().start(walls, post))
    shop.jobs.clear()
    expect((await played(work.cancel())).status).toBe('lost')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that was accepted is waited for, though the work goes on for a while', async () => {
    const work = await played(clientOf().start(walls, post))
    shop.interrupt = (line) => (line.endsWith('/cancel') ? new Response(null, { status: 204 }) : undefined)
    later(60_000, { status: 'cancelled', error: { code: 'JOB_CANCELLED' } })
    expect(await played(work.cancel())).toMatchObject({ status: 'cancelled' })
  })

  it('ends with its client', async () => {
    const client = clientOf()
    const work = await played(client.start(walls, post))
    shop.interrupt = (line) => (line.endsWith('/cancel') ? refusal(503, 'CLOSED') : undefined)
    const refused = failure(work.cancel())
    await vi.advanceTimersByTimeAsync(1_000)
    await played(client.close({ drain: 0 }))
    expect(await refused).toMatchObject({ reason: 'closed' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not asked for by an abort that comes with the end', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const work = await played(clientOf().start(walls, post, { signal, cancelOnAbort: true }))
    work.on(({ status }) => {
      if (status === 'succeeded') controller.abort(new Error('late'))
    })
    later(100, { status: 'succeeded', result: 7 })
    expect(await played(work.result)).toBe(7)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(cancels()).toEqual([])
  })
})

describe('of two that wait for one work', () => {
  it('one leaves its loop, and the other has the result', async () => {
    const work = await played(clientOf().start(walls, post))
    const { result } = work
    const loop = async () => {
      for await (const { status } of work) if (status === 'running') return status
      return undefined
    }
    later(30_000, { status: 'succeeded', result: 7 })
    expect(await played(loop())).toBe('running')
    expect(await played(result)).toBe(7)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('each comes and goes in the middle of questions, and none is left over', async () => {
    const slow: Fetch = async (input, init) => {
      if (String(input).includes('/jobs/')) await new Promise((resolve) => setTimeout(resolve, 50))
      return shop.fetch(input, init)
    }
    const work = await played(withWork(resilient(slow, { vendor: workshop() }), workshopWork).start(walls, post))
    for (let round = 0; round < 20; round++) {
      const stop = work.on(() => {})
      await vi.advanceTimersByTimeAsync(37 * round)
      stop()
    }
    later(0, { status: 'succeeded', result: 7 })
    expect(await played(work.result)).toBe(7)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a client that is closed', () => {
  it('answers a start that is under way, and what it began goes on in another process', async () => {
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    const slow: Fetch = async (input, init) => {
      if (String(input) === walls) await held
      return shop.fetch(input, init)
    }
    const client = withWork(resilient(slow, { vendor: workshop() }), workshopWork)
    const started = client.start(walls, post)
    await vi.advanceTimersByTimeAsync(100)
    const closed = client.close({ drain: 10_000 })
    setTimeout(answer, 1_000)
    const work = await played(started)
    expect(await failure(work.result)).toMatchObject({ reason: 'closed' })
    await played(closed)
    later(2_000, { status: 'succeeded', result: 7 })
    expect(await played(clientOf().work(JSON.stringify(work)).result)).toBe(7)
  })

  it('looks for no start that was not answered', async () => {
    const client = clientOf({}, { ...workshopWork, find: () => ({ path: '/jobs/none' }), found: () => undefined })
    shop.interrupt = (line) =>
      line === 'POST /walls' ? Object.assign(new TypeError('x'), { cause: { code: 'ECONNRESET' } }) : undefined
    const refused = failure(client.start(walls, post))
    await vi.advanceTimersByTimeAsync(1_000)
    const { length } = shop.asked
    await played(client.close())
    expect(await refused).toMatchObject({ code: 'ECONNRESET', mayBeDone: true })
    expect(shop.asked).toHaveLength(length)
  })

  it('ends what waits, and begins none of the items that are left', async () => {
    const client = clientOf()
    shop.begin({ id: 'a' })
    const state = failure(client.until(`${workshopOrigin}/jobs/a`, ({ status }) => status === 'painted'))
    const work = failure(client.work('a').result)
    const items = Array.from({ length: 1_000 }, (_, at) => at)
    const each = client.each(items, { concurrency: 8 }, () => new Promise((resolve) => setTimeout(resolve, 10)))
    await vi.advanceTimersByTimeAsync(505)
    await played(client.close({ drain: 5_000 }))
    expect([(await state).reason, (await work).reason]).toEqual(['closed', 'closed'])
    const results = await played(each)
    const ends = Map.groupBy(results, ({ status }) => status)
    expect([ends.get('succeeded')?.length, ends.get('skipped')?.length]).toEqual([408, 592])
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('of a thousand items, none begins after an abort at the five hundredth', async () => {
  const controller = new AbortController()
  const client = clientOf()
  const items = Array.from({ length: 1_000 }, (_, at) => at)
  const begun: number[] = []
  const progress: unknown[] = []
  const options = { concurrency: 8, signal: controller.signal, onProgress: (step: object) => void progress.push(step) }
  const results = await played(
    client.each(items, options, async (item) => {
      begun.push(item)
      await client(`${walls}/${item}`)
      if (item === 500) controller.abort(new Error('enough'))
      return item
    }),
  )
  expect(begun.length).toBeGreaterThan(500)
  expect(begun.length).toBeLessThanOrEqual(508)
  const ends = items.map((item) => (item < begun.length ? 'succeeded' : 'skipped'))
  expect(results.map(({ status }) => status)).toEqual(ends)
  expect(progress.at(-1)).toEqual({ total: 1_000, succeeded: begun.length, failed: 0 })
  expect(shop.asked.filter(({ line }) => line.startsWith('GET /walls'))).toHaveLength(begun.length)
})

it('a function that throws at an answer ends its own waiting alone', async () => {
  for (const id of ['a', 'b']) shop.begin({ id })
  const client = clientOf()
  const work = client.work('b').result
  const state = client.until(`${workshopOrigin}/jobs/a`, ({ status }) => status === 'painted')
  let seen = 0
  const throwing = client.until(`${workshopOrigin}/jobs/a`, () => {
    if (++seen === 2) throw new RangeError('mine')
    return false
  })
  later(5_000, { status: 'succeeded', result: 7 }, 'b')
  later(6_000, { status: 'painted' }, 'a')
  expect((await failure(throwing)).message).toBe('mine')
  expect(await played(work)).toBe(7)
  expect(await played(state)).toMatchObject({ status: 'painted' })
  expect(vi.getTimerCount()).toBe(0)
})
