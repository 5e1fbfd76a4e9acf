import { describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import type { VendorWork, WorkReports } from '../src/plugin.ts'
import { withWork } from '../src/work/index.ts'
import { played } from './helpers/play.ts'
import { useWorkshop, walls } from './helpers/use-workshop.ts'
import { refusal, workshop, workshopWork } from './helpers/workshop.ts'

/** Milliseconds for which a long poll waits. */
const HELD = 30_000

const polled: VendorWork = {
  ...workshopWork,
  longPoll: {
    ask: (_, token) => ({ path: `/news?since=${token ?? ''}` }),
    read({ text }) {
      const { token, jobs } = JSON.parse(text) as { token: string; jobs: { id: string; status: string }[] }
      const reports = jobs.map(({ id, status }) => [id, { status, result: id }] as const)
      return { token, reports: new Map(reports) as unknown as WorkReports }
    },
    isUnsupported: ({ status }) => status === 404,
  },
}

const { shop } = useWorkshop()

/** A fetch whose `/news` answers with the jobs that changed, when one has. */
function newsOf(): typeof fetch {
  let shown = ''
  let token = 0
  return async (input, init) => {
    if (!String(input).includes('/news')) return shop.fetch(input as string, init)
    shop.asked.push({ at: performance.now(), line: 'GET /news', body: '' })
    const interrupted = shop.interrupt('GET /news')
    if (interrupted instanceof Response) return interrupted
    if (interrupted !== undefined) throw interrupted
    const isFirst = String(input).endsWith('=')
    const until = performance.now() + HELD
    for (;;) {
      const now = JSON.stringify([...shop.jobs.values()])
      if (isFirst || now !== shown || performance.now() >= until) {
        shown = now
        return Response.json({ token: String(++token), jobs: [...shop.jobs.values()] })
      }
      await new Promise((resolve, reject) => {
        setTimeout(resolve, 50)
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason), { once: true })
      })
    }
  }
}

const clientOf = (knowledge = polled) => withWork(resilient(newsOf(), { vendor: workshop() }), knowledge)
const news = () => shop.asked.filter(({ line }) => line === 'GET /news')
const finish = (ms: number, id: string) =>
  setTimeout(() => Object.assign(shop.jobs.get(id) ?? {}, { status: 'succeeded', result: id }), ms)

describe('a server with long polls', () => {
  it('answers long polls, and is hardly ever polled', async () => {
    const work = await played(clientOf().start(walls, { method: 'POST' }))
    finish(100_000, 'job-1')
    const { result } = work
    // It is known within the second in which it happens.
    await vi.advanceTimersByTimeAsync(101_100)
    expect(await result).toBe('job-1')
    expect(shop.polls.length).toBeLessThanOrEqual(7)
    expect(news().length).toBeLessThanOrEqual(6)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is polled as usual while long polls fail, and gets long polls again', async () => {
    const client = clientOf()
    const work = await played(client.start(walls, { method: 'POST' }))
    shop.interrupt = (line) => (line === 'GET /news' ? refusal(503, 'CLOSED') : undefined)
    const result = work.result
    await vi.advanceTimersByTimeAsync(20_000)
    expect(shop.polls.length).toBeGreaterThan(4)
    shop.interrupt = () => undefined
    await vi.advanceTimersByTimeAsync(60_000)
    const { length } = shop.polls
    await vi.advanceTimersByTimeAsync(50_000)
    expect(shop.polls.length - length).toBeLessThanOrEqual(1)
    finish(0, 'job-1')
    expect(await played(result)).toBe('job-1')
  })

  it('gets no second long poll where it has none', async () => {
    const work = await played(clientOf().start(walls, { method: 'POST' }))
    shop.interrupt = (line) => (line === 'GET /news' ? refusal(404, 'JOB_UNKNOWN') : undefined)
    finish(300_000, 'job-1')
    expect(await played(work.result)).toBe('job-1')
    expect(news()).toHaveLength(1)
  })

  it('reports thousands by one long poll', async () => {
    const client = clientOf()
    const ids = Array.from({ length: 2_000 }, (_, at) => shop.begin({ id: `w${at}` }).id)
    const results = Promise.all(ids.map((id) => client.work(id).result))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(shop.asked.length).toBeLessThan(60)
    for (const id of ids) finish(0, id)
    expect(await played(results)).toEqual(ids)
  })

  it('is polled as usual where its long polls cannot be read, and breaks nothing', async () => {
    const read = () => {
      throw new Error('a mistake of the vendor’s')
    }
    const broken: VendorWork = {
      ...polled,
      longPoll: { ...polled.longPoll, ask: () => ({ path: '/news?since=' }), read },
    }
    const work = await played(clientOf(broken).start(walls, { method: 'POST' }))
    finish(60_000, 'job-1')
    expect(await played(work.result)).toBe('job-1')
    expect(news()).toHaveLength(1)
  })
})
