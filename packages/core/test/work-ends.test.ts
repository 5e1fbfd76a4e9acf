import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient, timeline } from '../src/index.ts'
import { withWork } from '../src/work/index.ts'
import { failure, played } from './helpers/play.ts'
import { refusal, Workshop, workshop, workshopOrigin, workshopWork } from './helpers/workshop.ts'

const walls = `${workshopOrigin}/walls`
const post = { method: 'POST' }
let shop: Workshop
let events: ResilienceEvent[]

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  shop = new Workshop()
  events = []
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const clientOf = (options: ResilientOptions = {}) =>
  withWork(
    resilient(shop.fetch, { vendor: workshop(), observers: [(event) => void events.push(event)], ...options }),
    workshopWork,
  )

/** Changes the only job after some time. */
const later = (ms: number, change: object, id = 'job-1') =>
  setTimeout(() => Object.assign(shop.jobs.get(id) ?? {}, change), ms)

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

  it('that the server refuses leaves nothing behind', async () => {
    const work = await played(clientOf().start(walls, post))
    shop.interrupt = (line) => (line.endsWith('/cancel') ? refusal(409, 'TOO_LATE') : undefined)
    expect(await failure(work.cancel())).toMatchObject({ code: 'TOO_LATE' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that the server refuses throws, and the work goes on', async () => {
    const work = await played(clientOf().start(walls, post))
    shop.interrupt = (line) => (line.endsWith('/cancel') ? refusal(409, 'TOO_LATE') : undefined)
    expect(await failure(work.cancel())).toMatchObject({ code: 'TOO_LATE' })
    later(100, { status: 'succeeded', result: 7 })
    expect(await played(work.result)).toBe(7)
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
  })
})

describe('work that was stored', () => {
  it('goes on in another process', async () => {
    const first = await played(clientOf().start(walls, { ...post, resilience: { label: 'kitchen' } }))
    const stored = JSON.stringify(first)
    expect(stored).not.toContain('badge')
    const work = clientOf().work(stored)
    later(2_000, { status: 'failed', error: { code: 'PAINT_DRY', params: ['red'] } })
    const error = await failure(work.result)
    expect(error).toMatchObject({ code: 'PAINT_DRY', operation: 'POST /walls', label: 'kitchen', mayBeDone: true })
  })

  it('can be named by its bare identifier', async () => {
    shop.begin({ id: 'job-9', status: 'succeeded', result: 9 })
    expect(await played(clientOf().work('job-9').result)).toBe(9)
  })

  it.each([
    ['{}', 'must be what'],
    ['', 'must not be empty'],
    [
      '{"vendor":"other","origin":"https://a.example","method":"POST","url":"u","operation":"o","startedAt":1,"work":{"id":"1"}}',
      'is of other',
    ],
    [
      '{"vendor":"workshop","origin":"https://a.example","method":"POST","url":"u","operation":"o","startedAt":1,"work":{"id":"1"}}',
      'no host of this client',
    ],
  ])('is refused where it cannot be meant: %s', (stored, why) => {
    expect(() => clientOf().work(stored)).toThrow(why)
  })
})
