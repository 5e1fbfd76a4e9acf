import { beforeEach, describe, expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import type { WantedState } from '../src/plugin.ts'
import { withWork } from '../src/work/index.ts'
import { elapsed, failure, played } from './helpers/play.ts'
import { useWorkshop } from './helpers/use-workshop.ts'
import { refusal, workshop, workshopOrigin, workshopWork } from './helpers/workshop.ts'

const job = `${workshopOrigin}/jobs/job-1`

const { shop, clientOf, later } = useWorkshop()
beforeEach(() => void shop.begin())

const painted: WantedState = {
  name: 'job-1 is painted',
  request: { path: '/jobs/job-1' },
  holds: ({ body }) => (body as { status?: string })?.status === 'painted',
  faultIn: ({ body }) => ((body as { status?: string })?.status === 'ruined' ? { code: 'PAINT_DRY' } : undefined),
}

describe('until', () => {
  it('asks until the answer is as wanted, and resolves with its body', async () => {
    later(5_000, { status: 'painted' })
    const body = await played(clientOf().until(job, ({ status }) => status === 'painted', { timeout: 60_000 }))
    expect(body).toMatchObject({ id: 'job-1', status: 'painted' })
    expect(elapsed()).toBeLessThan(10_000)
  })

  it('is told of refusals that time does not mend: a 404 may be what is wanted', async () => {
    setTimeout(() => shop.jobs.clear(), 2_000)
    await played(clientOf().until(job, (_, { status, code }) => status === 404 && code === 'JOB_UNKNOWN'))
    expect(elapsed()).toBeLessThan(10_000)
  })

  it('takes no single refusal for what is wanted: whoever answers may be somebody else', async () => {
    let left = 1
    shop.interrupt = (line) => (line.startsWith('GET /jobs') && left-- > 0 ? refusal(404, 'JOB_UNKNOWN') : undefined)
    setTimeout(() => shop.jobs.clear(), 10_000)
    await played(clientOf().until(job, (_, { status }) => status === 404))
    expect(elapsed()).toBeGreaterThan(10_000)
  })

  it('throws a refusal that was met again and again, and is not what is wanted', async () => {
    shop.jobs.clear()
    expect(await failure(clientOf().until(job, () => false))).toMatchObject({ code: 'JOB_UNKNOWN' })
    expect(shop.polls).toHaveLength(3)
  })

  it('waits through an outage, and no longer than it has time', async () => {
    shop.interrupt = (line) => (line.startsWith('GET') ? refusal(503, 'CLOSED') : undefined)
    const error = (await failure(clientOf().until(job, () => true, { timeout: 30_000 }))) as unknown as DOMException
    expect(error.name).toBe('TimeoutError')
    expect(elapsed()).toBe(30_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has the time of a call, where nobody says otherwise', async () => {
    const error = (await failure(clientOf().until(job, () => false))) as unknown as DOMException
    expect(error.message).toContain('300000 ms')
  })

  it('takes the states that vendors make, and their faults', async () => {
    later(1_000, { status: 'painted' })
    expect(await played(clientOf().until(painted))).toMatchObject({ status: 'painted' })
    Object.assign(shop.jobs.get('job-1') ?? {}, { status: 'running' })
    later(1_000, { status: 'ruined' })
    expect(await failure(clientOf().until(painted))).toMatchObject({ code: 'PAINT_DRY', vendor: 'workshop' })
  })

  it('ends with its signal', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 700)
    const waiting = clientOf().until({ url: job, signal: controller.signal }, () => false)
    expect((await failure(waiting)).message).toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects with what the function throws', async () => {
    const broken = () => {
      throw new Error('no such thing')
    }
    expect((await failure(clientOf().until(job, broken))).message).toBe('no such thing')
  })

  it('asks once where an answer is late, whatever is done about late answers to others', async () => {
    const slowly: typeof shop.fetch = async (...given) => {
      const isLate = shop.polls.length > 60
      const reply = await shop.fetch(...given)
      if (isLate) await new Promise((resolve) => setTimeout(resolve, 5_000))
      return reply
    }
    const events: string[] = []
    const observers = [({ type }: { readonly type: string }) => void events.push(type)]
    const client = withWork(resilient(slowly, { vendor: workshop(), hedge: { least: 100 }, observers }), workshopWork)
    later(700_000, { status: 'painted' })
    await played(client.until(painted, { timeout: 800_000 }))
    expect(shop.polls.length).toBeGreaterThan(61)
    expect(events).not.toContain('hedge-started')
  })

  it.each([
    ['404', () => refusal(404, 'JOB_UNKNOWN')],
    ['page of a proxy’s', () => new Response('<html>busy</html>')],
  ])('waits through a %s for which the function was not made', async (_, answer) => {
    let left = 1
    shop.interrupt = (line) => (line.startsWith('GET /jobs') && left-- > 0 ? answer() : undefined)
    later(3_000, { status: 'painted' })
    const holds = ({ status }: { status: string }) => status.startsWith('paint')
    expect(await played(clientOf().until(job, holds))).toMatchObject({ status: 'painted' })
  })

  it('takes no promise for a yes', async () => {
    for (const promised of [async () => false, () => Promise.reject(new Error('mine'))])
      expect((await failure(clientOf().until(job, promised as never))).message).toContain('a promise')
  })

  it('refuses what cannot be sent again and again', async () => {
    const foreign = Object.create({ url: job, method: 'PUT', headers: new Headers() }) as Request
    for (const request of [new Request(job), foreign, { url: job, method: 'PUT', body: new Blob(['x']).stream() }])
      await expect(clientOf().until(request, () => true)).rejects.toThrow('can be sent again')
    expect(shop.asked).toEqual([])
  })

  it('ends with either of two signals', async () => {
    for (const at of [0, 1]) {
      const controllers = [new AbortController(), new AbortController()]
      const [{ signal }, { signal: other }] = controllers as [AbortController, AbortController]
      setTimeout(() => controllers[at]?.abort(new Error('enough')), 700)
      const waiting = clientOf().until({ url: job, signal }, () => false, { signal: other })
      expect((await failure(waiting)).message).toBe('enough')
    }
    expect(vi.getTimerCount()).toBe(0)
  })

  it('needs no vendor', async () => {
    const client = withWork(resilient(async () => Response.json({ state: 'off' })))
    expect(await played(client.until('https://a.example/vm', ({ state }) => state === 'off'))).toEqual({ state: 'off' })
  })
})

describe('each', () => {
  const items = Array.from({ length: 20 }, (_, at) => at)

  it('has so many under way, and keeps the results in order, failures among them', async () => {
    let underWay = 0
    let most = 0
    const progress: unknown[] = []
    const options = { concurrency: 4, onProgress: (step: object) => void progress.push(step) }
    const results = await played(
      clientOf().each(items, options, async (item) => {
        most = Math.max(most, ++underWay)
        await new Promise((resolve) => setTimeout(resolve, 100 - item))
        underWay--
        if (item === 3) throw new Error('three')
        return 2 * item
      }),
    )
    expect(most).toBe(4)
    expect(results).toHaveLength(20)
    expect(results[2]).toEqual({ status: 'succeeded', item: 2, value: 4 })
    expect(results[3]).toEqual({ status: 'failed', item: 3, error: new Error('three') })
    expect(progress).toHaveLength(20)
    expect(progress.at(-1)).toEqual({ total: 20, succeeded: 19, failed: 1 })
  })

  it('begins nothing after an abort, nor once its client is closed', async () => {
    const controller = new AbortController()
    const begun: number[] = []
    const run = async (item: number) => {
      begun.push(item)
      if (item === 5) controller.abort()
      await Promise.resolve()
    }
    const results = await clientOf().each(items, { concurrency: 1, signal: controller.signal }, run)
    expect(begun).toEqual([0, 1, 2, 3, 4, 5])
    expect(results.filter(({ status }) => status === 'skipped').map(({ item }) => item)).toEqual(items.slice(6))
    const client = clientOf()
    await played(client.close())
    expect((await client.each([1], {}, run))[0]).toEqual({ status: 'skipped', item: 1 })
  })

  it('begins nothing once the signal of its client has aborted', async () => {
    const controller = new AbortController()
    const client = clientOf().extend({ init: { signal: controller.signal } })
    const results = await client.each(items, { concurrency: 1 }, (item) => {
      if (item === 5) controller.abort()
    })
    expect(results.filter(({ status }) => status === 'skipped').map(({ item }) => item)).toEqual(items.slice(6))
  })

  it('has a result for each, whatever becomes of whoever is told of the progress', async () => {
    const onProgress = () => {
      throw new Error('mine')
    }
    const results = await clientOf().each(items, { onProgress }, (item) => item)
    expect(results.map(({ status }) => status)).toEqual(items.map(() => 'succeeded'))
  })

  it.each([0, 1.5, Number.NaN, '8'])('refuses a concurrency of %j', async (concurrency) => {
    const options = { concurrency: concurrency as number }
    await expect(clientOf().each(items, options, () => {})).rejects.toThrow('concurrency')
  })
})

describe('options of waiting', () => {
  it.each([
    [{ timeout: '60s' }, 'timeout'],
    [{ timeout: -1 }, 'timeout'],
    [{ timeOut: 1 }, 'timeOut'],
    [{ signal: {} }, 'signal'],
    [{ cancelOnAbort: 1 }, 'cancelOnAbort'],
  ])('that cannot be meant are errors that name them: %j', async (options, name) => {
    await expect(clientOf().start(job, {}, options as never)).rejects.toThrow(name)
    expect(() => clientOf().work('job-1', options as never)).toThrow(name)
    await expect(clientOf().until(painted, options as never)).rejects.toThrow(name)
  })
})

describe('withWork', () => {
  it('refuses what is no client, and the work of another vendor', () => {
    expect(() => withWork(fetch as never, workshopWork)).toThrow('must be made by `resilient`')
    expect(() => withWork(resilient(shop.fetch), workshopWork)).toThrow('which has no vendor')
  })

  it('knows no host where its vendor was given none', async () => {
    const { origins: _, auth: __, ...vendor } = workshop()
    const client = withWork(resilient(shop.fetch, { vendor }), workshopWork)
    expect(() => client.work('job-1')).toThrow('needs a vendor with a `url`: an identifier names no host.')
    await expect(client.until(painted)).rejects.toThrow(
      `needs a vendor with a \`url\` to find out whether ${painted.name}`,
    )
  })

  it('keeps what the client can, and is extended with it', async () => {
    const client = clientOf().extend({ label: 'kitchen' })
    const reply = await played(client(job))
    expect(await reply.json()).toMatchObject({ id: 'job-1' })
    expect((await played(client.start(`${workshopOrigin}/walls`, { method: 'POST' }))).toJSON().label).toBe('kitchen')
    await played(client.close())
  })

  it('starts nothing, and asks after nothing, for whoever only observes', async () => {
    const watching = clientOf({ mode: 'observe' })
    await expect(watching.start(job)).rejects.toThrow("'observe'")
    expect(() => watching.work('job-1')).toThrow("'observe'")
    await expect(watching.until(painted)).rejects.toThrow("'observe'")
    await expect(watching.until(job, () => true)).rejects.toThrow("'observe'")
    expect(shop.asked).toEqual([])
  })

  it('starts nothing for whoever has not said which work there is', async () => {
    await expect(withWork(resilient(shop.fetch, { vendor: workshop() })).start(job)).rejects.toThrow('is missing')
  })
})

describe('work', () => {
  it('that two wait for, as after a restart, is asked after once for both', async () => {
    const client = clientOf()
    const [work, again] = [client.work('job-1'), client.work('job-1')]
    later(5_000, { status: 'succeeded', result: 'white' })
    expect(await played(Promise.all([work.result, again.result]))).toEqual(['white', 'white'])
    shop.jobs.clear()
    const both = ['job-1', 'job-1'].map((id) => failure(client.work(id).result))
    expect(await Promise.all(both)).toMatchObject([{ code: 'JOB_UNKNOWN' }, { code: 'JOB_UNKNOWN' }])
    expect(shop.polls.map(({ line }) => line)).toEqual(shop.polls.map(() => 'GET /jobs/job-1'))
  })
})
