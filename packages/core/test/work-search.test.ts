import { describe, expect, it, vi } from 'vitest'
import { type ResilientInit, resilient } from '../src/index.ts'
import type { VendorWork } from '../src/plugin.ts'
import { withWork } from '../src/work/index.ts'
import { elapsed, failure, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { type Job, refusal, workshop, workshopOrigin, workshopWork } from './helpers/workshop.ts'

const { shop, clientOf } = useWorkshop()

describe('a start of unknown outcome', () => {
  const lostReply = () => {
    let left = 1
    shop.interrupt = (line) => {
      if (line !== 'POST /walls' || left-- === 0) return undefined
      shop.begin({ id: 'job-7', note: 'kitchen' })
      return Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    }
  }
  const searching = {
    ...workshopWork,
    find: () => ({ path: '/jobs/job-7' }),
    found: ({ text }: { text: string }) => ({ id: (JSON.parse(text) as { id: string }).id }),
  }

  it('is looked for, and goes on as if it had been answered', async () => {
    lostReply()
    const client = clientOf({}, searching)
    const work = await played(client.start(walls, post))
    expect(work.id).toBe('job-7')
    Object.assign(shop.jobs.get('job-7') ?? {}, { status: 'succeeded', result: 'white' })
    expect(await played(work.result)).toBe('white')
    expect(shop.asked.filter(({ line }) => line === 'POST /walls')).toHaveLength(1)
  })

  it.each([
    ['refuses', () => refusal(503, 'CLOSED')],
    ['cannot be reached', () => Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })],
  ])('is found behind an outage, in which the server %s', async (_, answer) => {
    lostReply()
    const lost = shop.interrupt
    const until = performance.now() + 90_000
    shop.interrupt = (line) => (line.startsWith('GET') && performance.now() < until ? answer() : lost(line))
    expect((await played(clientOf({}, searching).start(walls, post))).id).toBe('job-7')
  })

  it('is looked for in an outage for as long as its call has time', async () => {
    lostReply()
    const lost = shop.interrupt
    shop.interrupt = (line) => (line.startsWith('GET') ? refusal(503, 'CLOSED') : lost(line))
    const client = clientOf({ breaker: false }, searching)
    const init = { ...post, resilience: { totalTimeout: 40_000 } }
    expect(await failure(client.start(walls, init))).toMatchObject({ code: 'ECONNRESET', mayBeDone: true })
    expect(elapsed()).toBe(40_000)
  })

  it('is looked for in an outage for as long as the vendor gives its call', async () => {
    lostReply()
    const lost = shop.interrupt
    shop.interrupt = (line) => (line.startsWith('GET') ? refusal(503, 'CLOSED') : lost(line))
    const slow = { ...workshop(), limits: () => ({ totalTimeout: 900_000 }) }
    const client = withWork(resilient(shop.fetch, { vendor: slow, breaker: false }), searching)
    expect(await failure(client.start(walls, post))).toMatchObject({ code: 'ECONNRESET', mayBeDone: true })
    expect(elapsed()).toBe(900_000)
  })

  it.each(['find', 'found'] as const)('may be done, though a mistake of the vendor’s is in `%s`', async (name) => {
    lostReply()
    const mistaken = () => {
      throw new Error('a mistake of the vendor')
    }
    const started = clientOf({}, { ...searching, [name]: mistaken }).start(walls, post)
    expect(await failure(started)).toMatchObject({ code: 'ECONNRESET', mayBeDone: true })
  })

  it('that is not found throws the error of its call', async () => {
    lostReply()
    const client = clientOf({}, { ...searching, found: () => undefined })
    expect(await failure(client.start(walls, post))).toMatchObject({ mayBeDone: true })
  })

  it.each(['request', 'waiting', 'client'])(
    'is looked for no longer than the signal of its %s lets it',
    async (whose) => {
      lostReply()
      const controller = new AbortController()
      const { signal } = controller
      setTimeout(() => controller.abort(new Error('enough')), 3_000)
      const client = clientOf({}, { ...searching, found: () => undefined })
      const own = whose === 'client' ? client.extend({ init: { signal } }) : client
      const init = whose === 'request' ? { ...post, signal } : post
      const started = own.start(walls, init, whose === 'waiting' ? { signal } : {})
      expect(await failure(started)).toMatchObject({ mayBeDone: true })
      expect(elapsed()).toBe(3_000)
      expect(vi.getTimerCount()).toBe(0)
    },
  )

  it('that is as another one, which lost its answer too, gets the work that one of both began', async () => {
    let left = 2
    shop.interrupt = (line) => {
      if (line !== 'POST /walls' || left === 0) return undefined
      if (--left === 0) shop.begin({ id: 'job-7' })
      return Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    }
    const found: VendorWork['found'] = ({ text }, _, __, isTaken) => {
      const { id } = JSON.parse(text) as Job
      return isTaken(id) ? undefined : { id }
    }
    const client = clientOf({}, { ...searching, found })
    const starts = [client.start(walls, post), client.start(walls, post)]
    await played(Promise.any(starts))
    expect(elapsed()).toBe(0)
    const ended = await played(Promise.allSettled(starts))
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it.each([365, -3_650])('is looked for by the server’s clock, while ours jumps by %i days', async (days) => {
    lostReply()
    const lost = shop.interrupt
    const sentAt = Date.parse('2026-01-02T03:04:05Z')
    const dated = () => ({ date: new Date(sentAt + performance.now()).toUTCString() })
    shop.interrupt = (line) => (line.startsWith('GET') ? Response.json({}, { headers: dated() }) : lost(line))
    setTimeout(() => vi.setSystemTime(Date.now() + days * 86_400_000), 1_000)
    const times: number[] = []
    const found = (_: unknown, __: unknown, since: number) => {
      times.push(since)
      return undefined
    }
    await failure(clientOf({}, { ...searching, found }).start(walls, post))
    expect(times).toHaveLength(4)
    for (const since of times) expect(Math.abs(since - sentAt)).toBeLessThanOrEqual(1_000)
  })
})

describe('a deletion whose answer was lost', () => {
  const path = '/jobs/job-7'
  const deletion = { method: 'DELETE' }
  const looking = {
    ...workshopWork,
    find: ({ method }: { method: string }) => (method === 'DELETE' ? { path } : undefined),
    found: ({ text }: { text: string }) => ((JSON.parse(text) as Job).status === 'going' ? { id: 'job-7' } : undefined),
    isAchieved: ({ code }: { code: string }) => code === 'JOB_UNKNOWN',
  }
  /** The first request of a method is cut off after it was done. */
  const cutOff = (line: string, deed: () => void) => {
    let left = 1
    shop.interrupt = (heard) => {
      if (heard !== line || left-- <= 0) return undefined
      deed()
      return Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    }
  }
  const start = (knowledge: VendorWork, init: ResilientInit = deletion) =>
    clientOf({}, knowledge).start(workshopOrigin + path, init)
  const lines = () => shop.asked.map(({ line }) => line).filter((line) => line.endsWith(path))

  it('and whose repetition finds nothing has ended: it is gone, whoever has deleted it', async () => {
    shop.begin({ id: 'job-7' })
    cutOff(`DELETE ${path}`, () => shop.jobs.clear())
    const work = await played(start(looking))
    expect(work.state).toEqual({ status: 'succeeded', progress: 1, result: undefined })
    expect(await work.result).toBeUndefined()
    expect(lines()).toEqual([`DELETE ${path}`, `DELETE ${path}`, `GET ${path}`, `GET ${path}`])
    expect(clientOf({}, looking).work(JSON.stringify(work)).state.status).toBe('succeeded')
  })

  it('and that was not repeated has ended as well', async () => {
    shop.begin({ id: 'job-7' })
    cutOff(`DELETE ${path}`, () => shop.jobs.clear())
    const work = await played(start(looking, { ...deletion, resilience: { retry: 0 } }))
    expect(work.state.status).toBe('succeeded')
    expect(lines()).toEqual([`DELETE ${path}`, `GET ${path}`, `GET ${path}`])
  })

  it('has not ended by one answer: whoever does not know it may lag behind', async () => {
    cutOff(`DELETE ${path}`, () => setTimeout(() => shop.begin({ id: 'job-7', status: 'going' }), 1_000))
    const work = await played(start(looking, { ...deletion, resilience: { retry: 0 } }))
    expect(work.id).toBe('job-7')
    expect(work.state.status).toBe('pending')
  })

  it('has not ended where the vendor does not say so', async () => {
    cutOff(`DELETE ${path}`, () => {})
    const { isAchieved: _, ...silent } = looking
    expect(await failure(start(silent))).toMatchObject({ code: 'JOB_UNKNOWN', mayBeDone: true })
  })

  it('is none where the first answer came, and said that there is nothing', async () => {
    expect(await failure(start(looking))).toMatchObject({ code: 'JOB_UNKNOWN', mayBeDone: false })
    expect(lines()).toEqual([`DELETE ${path}`])
  })
})
