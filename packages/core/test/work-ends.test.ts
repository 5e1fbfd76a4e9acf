import { describe, expect, it, vi } from 'vitest'
import { type Fetch, resilient, timeline } from '../src/index.ts'
import type { VendorWork } from '../src/plugin.ts'
import { withWork } from '../src/work/index.ts'
import { elapsed, failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { refusal, workshop, workshopWork } from './helpers/workshop.ts'

const { shop, events, clientOf, later } = useWorkshop()

/** Never answers, and ends with its signal. */
const hanging = (init?: RequestInit): Promise<never> =>
  new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))

describe('cancelling', () => {
  it('ends with the cancelled work', async () => {
    const work = await played(clientOf().start(walls, post))
    expect(await played(work.cancel())).toMatchObject({ status: 'cancelled', error: { code: 'JOB_CANCELLED' } })
    expect(await failure(work.result)).toMatchObject({ code: 'JOB_CANCELLED' })
  })

  it('of what has ended before tells that end', async () => {
    const work = await played(clientOf().start(walls, post))
    later(0, { status: 'succeeded', result: 7 })
    await vi.advanceTimersByTimeAsync(10)
    expect(await played(work.cancel())).toMatchObject({ status: 'succeeded', result: 7 })
  })

  it('of what was seen to run, and has ended since, tells that end', async () => {
    const work = await played(clientOf().start(walls, post))
    const stop = work.on(() => {})
    await vi.advanceTimersByTimeAsync(20_000)
    expect(work.state.status).toBe('running')
    stop()
    Object.assign(shop.jobs.get('job-1') ?? {}, { status: 'succeeded', result: 7 })
    expect(await played(work.cancel())).toMatchObject({ status: 'succeeded', result: 7 })
    expect(events.filter(({ type }) => type === 'work-ended')).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['timeout', 'signal'])('can be asked for once the waiting has ended by its %s', async (by) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 5_000)
    const options = by === 'timeout' ? { timeout: 5_000 } : { signal: controller.signal }
    const work = await played(clientOf().start(walls, post, options))
    await failure(work.result)
    expect(await played(work.cancel())).toMatchObject({ status: 'cancelled' })
    const other = await played(clientOf().start(walls, post, options))
    await failure(other.result)
    later(0, { status: 'succeeded', result: 7 }, 'job-2')
    await vi.advanceTimersByTimeAsync(1)
    expect(await played(other.cancel())).toMatchObject({ status: 'succeeded', result: 7 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits for the end no longer than the wait before might, though the server lets it come to none', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 5_000)
    const work = await played(clientOf().start(walls, post, { signal: controller.signal, timeout: 60_000 }))
    await failure(work.result)
    shop.interrupt = (line) => (line.endsWith('/cancel') ? Response.json({}) : undefined)
    expect(await failure(work.cancel())).toMatchObject({ name: 'TimeoutError' })
    expect(elapsed()).toBeLessThan(70_000)
  })

  it('that shows an end lets go of everything that waited for it', async () => {
    const controller = new AbortController()
    const options = { signal: controller.signal, timeout: 1_000_000, cancelOnAbort: true }
    const work = await played(clientOf().start(walls, post, options))
    // From the second refusal on, it is asked after alone: the question of `cancel` is another one.
    let refusals = 2
    shop.interrupt = (line) => {
      if (line.endsWith('/cancel')) return refusal(409, 'TOO_LATE')
      return line.startsWith('GET /jobs') && refusals-- > 0 ? refusal(403, 'NOT_YOURS') : undefined
    }
    const { result } = work
    await vi.advanceTimersByTimeAsync(1_000)
    Object.assign(shop.jobs.get('job-1') ?? {}, { status: 'succeeded', result: 7 })
    expect(await played(work.cancel())).toMatchObject({ status: 'succeeded' })
    expect(await result).toBe(7)
    expect(vi.getTimerCount()).toBe(0)
    const { length } = shop.asked
    controller.abort()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(shop.asked).toHaveLength(length)
  })

  it('asks no more once nobody waits for it', async () => {
    const controller = new AbortController()
    const work = await played(clientOf().start(walls, post, { signal: controller.signal }))
    shop.interrupt = (line) => (line.endsWith('/cancel') ? refusal(409, 'TOO_LATE') : refusal(503, 'CLOSED'))
    setTimeout(() => controller.abort(new Error('enough')), 3_000)
    expect((await failure(work.cancel())).message).toBe('enough')
    const { length } = shop.polls
    await vi.advanceTimersByTimeAsync(60_000)
    expect(shop.polls).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that the server refuses leaves nothing behind', async () => {
    const work = await played(clientOf().start(walls, post))
    shop.interrupt = (line) => (line.endsWith('/cancel') ? refusal(409, 'TOO_LATE') : undefined)
    expect(await failure(work.cancel())).toMatchObject({ code: 'TOO_LATE' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that the server refuses throws, also where it refuses to tell of the work', async () => {
    const work = await played(clientOf().start(walls, post))
    shop.interrupt = (line) => (line.endsWith('/cancel') ? refusal(409, 'TOO_LATE') : refusal(400, 'NONSENSE'))
    expect(await failure(work.cancel())).toMatchObject({ code: 'TOO_LATE' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('throws what kept it from the server', async () => {
    const client = clientOf()
    const [work, other] = [await played(client.start(walls, post)), await played(client.start(walls, post))]
    shop.interrupt = (line) => (line.endsWith('/cancel') ? new TypeError('Invalid URL') : undefined)
    expect((await failure(work.cancel())).message).toBe('Invalid URL')
    await played(client.close({ drain: 0 }))
    expect(await failure(other.cancel())).toMatchObject({ name: 'RefusedError', reason: 'closed' })
  })

  it('that the server refuses throws, and the work goes on', async () => {
    const work = await played(clientOf().start(walls, post))
    shop.interrupt = (line) => (line.endsWith('/cancel') ? refusal(409, 'TOO_LATE') : undefined)
    expect(await failure(work.cancel())).toMatchObject({ code: 'TOO_LATE' })
    later(100, { status: 'succeeded', result: 7 })
    expect(await played(work.result)).toBe(7)
  })
})

describe('work that is cleared away', () => {
  it('lets nothing begin while its client is being closed', async () => {
    const fetch: Fetch = (input, init) => (String(input).endsWith('/clear') ? hanging(init) : shop.fetch(input, init))
    const clear = ({ id }: { readonly id: string }) => ({ path: `/jobs/${id}/clear` })
    const client = withWork(resilient(fetch, { vendor: workshop() }), { ...workshopWork, clear })
    const work = await played(client.start(walls, post))
    later(0, { status: 'succeeded', result: 7 })
    await played(work.result)
    const closed = client.close()
    expect(await failure(client(walls))).toMatchObject({ reason: 'closed' })
    await played(closed)
    expect(elapsed()).toBeLessThan(10_000)
  })
})

describe('the time that work took', () => {
  it.each([365, -3_650])('is no matter of the clock, which may jump by %i days', async (days) => {
    const work = await played(clientOf().start(walls, post))
    setTimeout(() => vi.setSystemTime(Date.now() + days * 86_400_000), 2_000)
    later(30_000, { status: 'succeeded' })
    await played(work.result)
    const ended = events.find((event) => event.type === 'work-ended')
    expect(ended?.ms).toBeGreaterThan(30_000)
    expect(ended?.ms).toBeLessThan(60_000)
  })
})

describe('the event of an end', () => {
  const ends = () => events.filter((event) => event.type === 'work-ended').map(({ status, code }) => [status, code])

  it('has the code where it is no success, and has none where it is', async () => {
    const client = clientOf()
    const ended = async (change: () => void) => {
      const work = await played(client.start(walls, post))
      change()
      await played(Promise.allSettled([work.result]))
    }
    await ended(() => later(100, { status: 'succeeded' }))
    await ended(() => later(100, { status: 'failed', error: { code: 'PAINT_DRY' } }, 'job-2'))
    await ended(() => void setTimeout(() => shop.jobs.clear(), 1_000))
    expect(ends()).toEqual([
      ['succeeded', undefined],
      ['failed', 'PAINT_DRY'],
      ['lost', 'JOB_UNKNOWN'],
    ])
  })

  it('has no secret in its code', async () => {
    const sent = { ...post, body: JSON.stringify({ password: 'hush-hush' }) }
    const work = await played(clientOf().start(walls, sent))
    later(100, { status: 'failed', error: { code: 'BAD_hush-hush' } })
    await played(Promise.allSettled([work.result]))
    expect(ends()).toEqual([['failed', expect.not.stringContaining('hush')]])
    expect(ends()[0]?.[1]).toEqual(expect.any(String))
  })
})

describe('the timeline', () => {
  it('shows how work stands', async () => {
    const lines: string[] = []
    const client = clientOf({ observers: [timeline((line) => void lines.push(line))] })
    const work = await played(client.start(walls, post))
    later(100, { progress: 0.5 })
    later(5_000, { status: 'succeeded' })
    await played(work.result)
    expect(lines.filter((line) => line.startsWith('workshop POST /walls job-1'))).toEqual([
      'workshop POST /walls job-1 started',
      'workshop POST /walls job-1 running',
      'workshop POST /walls job-1 running 50 %',
      expect.stringMatching(/^workshop POST \/walls job-1 succeeded after \d\.\d s$/),
    ])
    const other = await played(client.start(walls, post))
    later(100, { status: 'failed', error: { code: 'PAINT_DRY' } }, 'job-2')
    await failure(other.result)
    expect(lines.at(-1)).toMatch(/^workshop POST \/walls job-2 failed \(PAINT_DRY\) after \d+ ms$/)
  })
})

describe('what a server says of work', () => {
  const body = JSON.stringify({ password: 'hush-hush' })

  it('is told without the secrets in it: of a session, and of the request that began it', async () => {
    const read: VendorWork['read'] = (_, about) =>
      new Map(about.map(({ id }) => [id, { status: 'running', message: `at ${shop.badge} with hush-hush` }]))
    const work = await played(clientOf({}, { ...workshopWork, read }).start(walls, { method: 'POST', body }))
    const stop = work.on(() => {})
    await vi.advanceTimersByTimeAsync(1_000)
    stop()
    expect(work.state).toEqual({ status: 'running', message: 'at [redacted] with [redacted]' })
  })

  it('names it in events without them, too', async () => {
    const begun = () => ({ id: `job of ${shop.badge}` })
    const work = await played(clientOf({}, { ...workshopWork, begun }).start(walls, { method: 'POST', body }))
    expect(work.id).toBe(`job of ${shop.badge}`)
    expect(events.find(({ type }) => type === 'work-started')).toMatchObject({ work: 'job of [redacted]' })
  })
})

it('the name of work has no secret in the error of a wait that was too long', async () => {
  const client = clientOf()
  await played(client(walls, post))
  const work = client.work(`job-${shop.badge}`)
  shop.begin({ id: `job-${shop.badge}` })
  const timed = client.work(work.toJSON(), { timeout: 1_000 })
  const error = await failure(timed.result)
  expect(error.name).toBe('TimeoutError')
  expect(error.message).not.toContain(shop.badge)
})
