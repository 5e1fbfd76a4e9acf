import { describe, expect, it, vi } from 'vitest'
import { isVendorError } from '../src/index.ts'
import type { VendorWork } from '../src/plugin.ts'
import type { WorkState } from '../src/work/index.ts'
import { elapsed, failure, gaps, played } from './helpers/play.ts'
import { post, useWorkshop, walls } from './helpers/use-workshop.ts'
import { refusal, workshopOrigin, workshopWork } from './helpers/workshop.ts'

const { shop, events, clientOf, later } = useWorkshop()

const states = async (work: AsyncIterable<WorkState>) => {
  const seen: WorkState[] = []
  for await (const state of work) seen.push(state)
  return seen
}

describe('work', () => {
  it('that is begun is asked after until it ends, ever more rarely', async () => {
    const client = clientOf()
    const work = await played(client.start<string>(walls, post))
    expect(work.id).toBe('job-1')
    expect(work.state).toEqual({ status: 'pending' })
    later(12_000, { status: 'succeeded', result: 'white' })
    expect(await played(work.result)).toBe('white')
    expect(work.state).toEqual({ status: 'succeeded', progress: 1, result: 'white' })
    expect(gaps(shop.polls)).toEqual([500, 1_000, 2_000, 4_000, 8_000])
  })

  it('is not asked after while nobody waits for it', async () => {
    const client = clientOf()
    const work = await played(client.start(walls, post))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(shop.polls).toHaveLength(0)
    const stop = work.on(() => {})
    await vi.advanceTimersByTimeAsync(5_000)
    expect(shop.polls.length).toBeGreaterThan(2)
    stop()
    const { length } = shop.polls
    await vi.advanceTimersByTimeAsync(60_000)
    expect(shop.polls).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells each state, the last one included', async () => {
    const client = clientOf()
    const work = await played(client.start(walls, post))
    later(2_000, { progress: 0.5 })
    later(9_000, { status: 'succeeded', result: 1 })
    expect(await played(states(work))).toEqual([
      { status: 'pending' },
      { status: 'running' },
      { status: 'running', progress: 0.5 },
      { status: 'succeeded', progress: 1, result: 1 },
    ])
    expect(work.progress).toBe(1)
  })

  it('that fails rejects with the error of its start, read by the catalogue and the user’s own words', async () => {
    const body = JSON.stringify({ password: 'hush-hush' })
    const client = clientOf({ errors: { PAINT_DRY: { kind: 'conflict' } } })
    const work = await played(client.start(walls, { ...post, body, resilience: { label: 'kitchen' } }))
    later(100, { status: 'failed', error: { code: 'PAINT_DRY', params: ['red'], message: 'No red for hush-hush.' } })
    const error = await failure(work.result)
    expect(isVendorError(error, 'workshop') && error).toMatchObject({
      code: 'PAINT_DRY',
      kind: 'conflict',
      params: { colour: 'red' },
      operation: 'POST /walls',
      label: 'kitchen',
      request: { method: 'POST', url: walls },
      reason: 'conflict',
    })
    expect(String(error.stack)).not.toContain('hush-hush')
    expect(work.state).toMatchObject({ status: 'failed', error })
  })

  it('has an unknown outcome where it fails, whatever the row says', async () => {
    const work = await played(clientOf().start(walls, post))
    later(100, { status: 'failed', error: { code: 'PAINT_DRY' } })
    expect(await failure(work.result)).toMatchObject({ outcome: 'unknown', mayBeDone: true, verifyWith: 'GET /walls' })
  })

  it('that had nothing to do is a success for whoever says so', async () => {
    const ended = { status: 'failed', error: { code: 'ALREADY_PAINTED' } }
    const work = await played(clientOf().start(walls, { ...post, resilience: { acceptAchieved: true } }))
    later(100, ended)
    expect(await played(work.result)).toBeUndefined()
    const other = await played(clientOf().start(walls, post))
    later(100, ended, 'job-2')
    expect(await failure(other.result)).toMatchObject({ code: 'ALREADY_PAINTED', achieved: true })
  })

  it('that is done with its answer has ended', async () => {
    const work = await played(clientOf().start(`${walls}/7`, post))
    expect(work.state).toEqual({ status: 'succeeded', progress: 1, result: { colour: 'white' } })
    expect(await work.result).toEqual({ colour: 'white' })
    expect(shop.polls).toHaveLength(0)
  })

  it('that somebody has accepted a conflict for has ended, whatever an answer must look like', async () => {
    const begun = () => ({ fault: { code: 'ODD', message: 'The answer names no job.' } })
    shop.interrupt = (line) => (line === 'POST /walls' ? refusal(409, 'ALREADY_PAINTED') : undefined)
    const client = clientOf({ acceptAchieved: true }, { ...workshopWork, begun })
    const work = await played(client.start(walls, post))
    expect(work.state).toEqual({ status: 'succeeded', progress: 1, result: undefined })
  })

  it('that vanished is lost: its outcome is unknown, and the error says how to find out', async () => {
    const work = await played(clientOf().start(walls, post))
    setTimeout(() => shop.jobs.clear(), 1_000)
    const error = await failure(work.result)
    expect(error).toMatchObject({ code: 'JOB_UNKNOWN', outcome: 'unknown', mayBeDone: true, verifyWith: 'GET /walls' })
    expect(error.message).toContain(
      'the work job-1 is lost, and nobody knows what came of it. To find out: GET /walls. (workshop JOB_UNKNOWN: asking after it was refused)',
    )
    expect(error.hint).toBe('Find out what came of it before it is begun again.')
    expect(work.state.status).toBe('lost')
  })

  it('that is not known for a moment goes on: whoever answers may lag behind', async () => {
    const work = await played(clientOf().start(walls, post))
    let left = 1
    const missing = () => (left-- > 0 ? refusal(404, 'JOB_UNKNOWN') : undefined)
    shop.interrupt = (line) => (line.startsWith('GET /jobs') ? missing() : undefined)
    const { result } = work
    await vi.advanceTimersByTimeAsync(7_000)
    expect(work.state.status).toBe('running')
    left = 1
    later(15_000, { status: 'succeeded', result: 'white' })
    expect(await played(result)).toBe('white')
  })

  it('survives an outage, an expired session and single bad answers', async () => {
    const client = clientOf()
    const work = await played(client.start(walls, post))
    const bad: (Response | Error | undefined)[] = [
      new Response('<html>maintenance</html>'),
      refusal(403, 'NOT_YOURS'),
      refusal(404, 'ODD'),
      undefined,
      refusal(503, 'CLOSED'),
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }),
    ]
    shop.interrupt = (line) => (line.startsWith('GET /jobs') ? bad.shift() : undefined)
    later(8_000, { status: 'succeeded', result: 'done' })
    setTimeout(() => {
      shop.badge = 'another'
    }, 5_000)
    expect(await played(work.result)).toBe('done')
    expect(shop.logins).toBe(2)
    expect(bad).toEqual([])
  })

  it('is asked after elsewhere where something else tells of the rest of it', async () => {
    const knowledge: VendorWork = {
      ...workshopWork,
      read(reply, about) {
        const reports = workshopWork.read(reply, about)
        const isPainted = reports?.get('job-1')?.status === 'succeeded'
        return isPainted ? new Map([['job-1', { status: 'running', next: { id: 'drying' } }]]) : reports
      },
    }
    const client = clientOf({}, knowledge)
    const work = await played(client.start(walls, post))
    const states: WorkState[] = []
    work.on((state) => void states.push(state))
    const second = client.work(JSON.stringify(work)).result
    shop.begin({ id: 'drying' })
    later(3_000, { status: 'succeeded' })
    later(9_000, { status: 'succeeded', result: 'dry' }, 'drying')
    expect(await played(Promise.all([work.result, second]))).toEqual(['dry', 'dry'])
    expect(states).toEqual([{ status: 'running' }, { status: 'succeeded', progress: 1, result: 'dry' }])
    expect(work.id).toBe('job-1')
    const lines = shop.polls.map(({ line }) => line)
    expect(lines.indexOf('GET /jobs/drying')).toBe(lines.lastIndexOf('GET /jobs/job-1') + 1)
  })

  it('is asked after when its end is expected, and no oftener while it does not come on', async () => {
    const work = await played(clientOf().start(walls, post))
    const stuckAt = 30_000
    const tick = setInterval(() => {
      const now = Math.min(performance.now(), stuckAt)
      Object.assign(shop.jobs.get('job-1') ?? {}, { progress: now / 40_000 })
    }, 100)
    const { result } = work
    await vi.advanceTimersByTimeAsync(33_000)
    const { length } = shop.polls
    await vi.advanceTimersByTimeAsync(100_000)
    expect(shop.polls.length - length).toBeLessThanOrEqual(12)
    clearInterval(tick)
    Object.assign(shop.jobs.get('job-1') ?? {}, { status: 'succeeded' })
    await played(result)

    const other = await played(clientOf().start(walls, post))
    const began = performance.now()
    const share = () => Object.assign(shop.jobs.get('job-2') ?? {}, { progress: (performance.now() - began) / 40_000 })
    const steady = setInterval(share, 100)
    later(40_000, { status: 'succeeded' }, 'job-2')
    await played(other.result)
    clearInterval(steady)
    expect(performance.now() - began).toBeLessThan(42_000)
  })

  it('comes again after five minutes at the latest, whenever it is told to', async () => {
    const work = await played(clientOf({ pause: false }).start(walls, post))
    let left = 1
    const later503 = () => refusal(503, 'CLOSED', { 'retry-after': '3600' })
    shop.interrupt = (line) => (line.startsWith('GET /jobs') && left-- > 0 ? later503() : undefined)
    later(10, { status: 'succeeded' })
    await played(work.result)
    expect(gaps(shop.polls)).toEqual([300_000])
  })

  it('is lost where asking after it is refused again and again', async () => {
    const work = await played(clientOf().start(walls, post))
    shop.interrupt = (line) => (line.startsWith('GET /jobs') ? refusal(403, 'NOT_YOURS') : undefined)
    const error = await failure(work.result)
    expect(error).toMatchObject({ code: 'NOT_YOURS', outcome: 'unknown' })
    expect(shop.polls).toHaveLength(3)
  })

  it('spends nothing of the retry budget, and its polls show as such', async () => {
    const client = clientOf({ budget: { size: 2, perCall: 0.1, perSecond: 0.001 } })
    const work = await played(client.start(walls, post))
    const reset = () => Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    let left = 6
    shop.interrupt = (line) => (line.startsWith('GET /jobs') && left-- > 0 ? reset() : undefined)
    later(60_000, { status: 'succeeded' })
    await played(work.result)
    const polls = events.filter((event) => event.type === 'attempt-started' && event.poll)
    expect(polls).toHaveLength(shop.polls.length)
    expect(events.filter((event) => event.type === 'decision-made' && event.decision.do === 'wait')).toEqual([])
    expect(events.filter(({ type }) => type.startsWith('work-')).map(({ type }) => type)).toEqual([
      'work-started',
      'work-changed',
      'work-ended',
    ])
  })
})

describe('waiting', () => {
  it('ends in time while the work goes on', async () => {
    const work = await played(clientOf().start(walls, post, { timeout: 30_000 }))
    const error = (await failure(work.result)) as unknown as DOMException
    expect(error.name).toBe('TimeoutError')
    expect(elapsed()).toBe(30_000)
    expect(shop.jobs.get('job-1')?.status).toBe('running')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with the signal of the start, and cancels only if that was asked for', async () => {
    for (const cancelOnAbort of [false, true]) {
      const controller = new AbortController()
      const work = await played(clientOf().start(walls, { ...post, signal: controller.signal }, { cancelOnAbort }))
      const reason = new Error('enough')
      setTimeout(() => controller.abort(reason), 3_000)
      expect(await failure(work.result)).toBe(reason)
      await vi.advanceTimersByTimeAsync(100)
      expect(shop.jobs.get(work.id)?.status).toBe(cancelOnAbort ? 'cancelled' : 'running')
    }
  })

  it('ends with the client', async () => {
    const client = clientOf()
    const work = await played(client.start(walls, post))
    const refused = failure(work.result)
    await vi.advanceTimersByTimeAsync(1_000)
    await played(client.close())
    expect(await refused).toMatchObject({ reason: 'closed' })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a thousand works of one host', () => {
  it('share their questions', async () => {
    const client = clientOf()
    const all = Array.from({ length: 1_000 }, (_, at) => shop.begin({ id: `w${at}` }))
    const works = all.map(({ id }) => client.work(id))
    const results = Promise.all(works.map(({ result }) => result))
    setTimeout(() => {
      for (const job of all) Object.assign(job, { status: 'succeeded', result: job.id })
    }, 60_000)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(shop.polls.length).toBeLessThan(110)
    expect(await played(results)).toEqual(all.map(({ id }) => id))
  })

  it('are asked after twice a second at most, whatever it is that is waited for', async () => {
    const client = clientOf()
    const waits = Array.from({ length: 50 }, (_, at) => {
      shop.begin({ id: `s${at}` })
      return client.until(`${workshopOrigin}/jobs/s${at}`, () => false, { timeout: 30_000 }).catch(() => {})
    })
    await vi.advanceTimersByTimeAsync(30_000)
    await Promise.all(waits)
    expect(shop.polls.length).toBeLessThanOrEqual(61)
  })

  it('are lost where the answer about one does not tell of it', async () => {
    shop.begin({ id: 'a' })
    shop.interrupt = (line) => (line === 'GET /jobs/a' ? Response.json({ id: 'b', status: 'running' }) : undefined)
    expect(await failure(clientOf().work('a').result)).toMatchObject({ code: 'WORK_LOST', outcome: 'unknown' })
  })

  it('are asked after alone where an answer leaves one out', async () => {
    const client = clientOf()
    for (const id of ['a', 'b', 'c']) shop.begin({ id })
    shop.most = 2
    const works = ['a', 'b', 'c'].map((id) => client.work(id))
    for (const job of shop.jobs.values()) Object.assign(job, { status: 'succeeded', result: job.id })
    expect(await played(Promise.all(works.map(({ result }) => result)))).toEqual(['a', 'b', 'c'])
    expect(shop.polls.map(({ line }) => line)).toEqual(['GET /jobs?id=a&id=b&id=c', 'GET /jobs/c'])
  })
})
