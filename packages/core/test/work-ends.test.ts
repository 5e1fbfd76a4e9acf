import { describe, expect, it, vi } from 'vitest'
import { timeline } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { refusal } from './helpers/workshop.ts'

const { shop, events, clientOf, later } = useWorkshop()

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
