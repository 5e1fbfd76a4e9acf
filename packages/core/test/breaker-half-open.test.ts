import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type BreakerOptions, type RefusedError, type ResilienceEvent, resilient } from '../src/index.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, deaf, fine, hangs, reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})

/** A client whose circuit has opened; its service answers what `now.answer` says at the moment. */
async function opened(breaker: BreakerOptions = {}, before: Answer = reply(503)) {
  const now: { answer: Answer } = { answer: before }
  const { fetch, sent } = stubFetch((one) => now.answer(one))
  const events: ResilienceEvent[] = []
  const observers = [(event: ResilienceEvent) => events.push(event)]
  const client = resilient(fetch, {
    retry: false,
    patience: 0,
    limits: false,
    observers,
    breaker: { openTime: 5_000, ...breaker },
    timeout: false,
    totalTimeout: false,
  })
  const fails = async (times: number, at = url) => {
    now.answer = reply(503)
    for (let time = 0; time < times; time++) await failure(client(at))
  }
  const circuit = () => client.state.snapshot()[0]?.circuit
  const openTimes = (key = 'http https://api.example all') =>
    events.flatMap((event) => (event.type === 'circuit-opened' && event.key === key ? [event.openTime] : []))
  return { now, client, sent, events, circuit, fails, openTimes }
}

const attempt = (call: Promise<Response>): Promise<number | string> =>
  call.then(
    ({ status }) => status,
    (error: RefusedError) => error.reason,
  )

describe('a half-open circuit', () => {
  it('lets one probe through, not everybody', async () => {
    const { now, client, sent, circuit, fails } = await opened()
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(circuit()).toBe('half-open')
    now.answer = () => new Promise((resolve) => setTimeout(resolve, 1_000, new Response('back')))
    const crowd = Promise.all(Array.from({ length: 50 }, () => attempt(client(url))))
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await crowd).filter((outcome) => outcome === 200)).toHaveLength(1)
    expect((await crowd).filter((outcome) => outcome === 'circuit-open')).toHaveLength(49)
    expect(sent).toHaveLength(11)
    expect(circuit()).toBe('closed')
  })

  it('lets as many through at once as it wants successes from', async () => {
    const { now, client, sent, circuit, fails } = await opened({ probes: 3 })
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = () => new Promise((resolve) => setTimeout(resolve, sent.length * 100, new Response('back')))
    const crowd = Promise.all(Array.from({ length: 10 }, () => attempt(client(url))))
    await vi.advanceTimersByTimeAsync(1_250)
    expect([sent.length, circuit()]).toEqual([13, 'half-open'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await crowd).filter((outcome) => outcome === 200)).toHaveLength(3)
    expect(circuit()).toBe('closed')
  })

  it('opens again at the first probe that fails, for no longer than before: somebody must find out', async () => {
    const { fails, openTimes } = await opened()
    await fails(10)
    for (let time = 0; time < 3; time++) {
      await vi.advanceTimersByTimeAsync(5_000)
      await fails(1)
    }
    expect(openTimes()).toEqual([5_000, 5_000, 5_000, 5_000])
  })

  it('is open for half as long again each time, up to a limit, where that is asked for', async () => {
    const { fails, openTimes, circuit } = await opened({ maxOpenTime: 60_000 })
    await fails(10)
    for (let time = 0; time < 6; time++) {
      await vi.advanceTimersByTimeAsync(60_000)
      expect(circuit()).toBe('half-open')
      await fails(1)
    }
    expect(openTimes()).toEqual([5_000, 7_500, 11_250, 16_875, 25_312.5, 37_968.75, 56_953.125])
  })

  it('closes with a clean slate: one more failure does not open it, and the open time starts anew', async () => {
    const { now, client, fails, openTimes, circuit } = await opened({ window: 600_000, maxOpenTime: 60_000 })
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    await fails(1)
    await vi.advanceTimersByTimeAsync(10_000)
    now.answer = fine
    await played(client(url))
    expect(circuit()).toBe('closed')
    await fails(9)
    expect(circuit()).toBe('closed')
    await fails(1)
    expect(openTimes()).toEqual([5_000, 7_500, 5_000])
  })

  it('never lets the open time of one host grow with the failures of another', async () => {
    const { fails, openTimes } = await opened({ maxOpenTime: 60_000 })
    const other = 'https://other.example/things'
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    await fails(1)
    await vi.advanceTimersByTimeAsync(10_000)
    await fails(1)
    await fails(10, other)
    expect(openTimes()).toEqual([5_000, 7_500, 11_250])
    expect(openTimes('http https://other.example all')).toEqual([5_000])
  })

  it('sends nobody away for as long as a probe could take, but for a second', async () => {
    const { now, client, fails } = await opened()
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = hangs
    const controller = new AbortController()
    const probe = client(url, { signal: controller.signal })
    expect(await failure(client(url))).toMatchObject({ reason: 'circuit-open', retryAfter: 1_000 })
    controller.abort('enough')
    await expect(probe).rejects.toBe('enough')
  })

  it('ends no call that waits to retry: the probe has its result by then', async () => {
    const { now, client, fails, circuit } = await opened()
    const later = (answer: Answer): Answer => {
      return (one) => new Promise((resolve) => setTimeout(() => resolve(answer(one)), 5_200))
    }
    now.answer = later(reply(500))
    const patient = client(url, { resilience: { retry: { limit: 1, jitter: 'none' } } })
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = () => new Promise((resolve) => setTimeout(resolve, 400, new Response('back')))
    const probe = client(url)
    await vi.advanceTimersByTimeAsync(300)
    expect(circuit()).toBe('half-open')
    expect([(await played(probe)).status, (await played(patient)).status]).toEqual([200, 200])
  })

  it('is not closed by a straggler: a success of a request from before it opened counts for nothing', async () => {
    const { now, client, circuit, fails } = await opened()
    now.answer = () => new Promise((resolve) => setTimeout(resolve, 6_000, new Response('late')))
    const straggler = client(url)
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(circuit()).toBe('half-open')
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await straggler).status).toBe(200)
    expect(circuit()).toBe('half-open')
  })

  it('is not opened by a straggler either', async () => {
    const { now, client, circuit, fails, openTimes } = await opened()
    now.answer = () => new Promise((resolve) => setTimeout(resolve, 6_000, new Response(null, { status: 503 })))
    const straggler = attempt(client(url))
    await fails(10)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(await straggler).toBe('attempts')
    expect(openTimes()).toEqual([5_000])
    expect(circuit()).toBe('half-open')
  })

  it('is not wedged by a probe that never answers: its place goes to the next', async () => {
    const { now, client, circuit, fails } = await opened()
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = deaf
    void client(url)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await failure(client(url))).toMatchObject({ reason: 'circuit-open', retryAfter: 1_000 })
    await vi.advanceTimersByTimeAsync(1_000)
    now.answer = fine
    expect(await attempt(client(url))).toBe(200)
    expect(circuit()).toBe('closed')
  })

  it('is closed by a probe that answers late, though others have failed meanwhile', async () => {
    const { now, client, circuit, fails } = await opened()
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = () => new Promise((resolve) => setTimeout(resolve, 6_000, new Response('late')))
    const late = attempt(client(url))
    await vi.advanceTimersByTimeAsync(5_000)
    await fails(1)
    expect(circuit()).toBe('open')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await late).toBe(200)
    expect(circuit()).toBe('closed')
  })

  it('is not wedged, closed or opened by a probe that its caller aborts', async () => {
    const { now, client, circuit, fails } = await opened()
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = hangs
    const controller = new AbortController()
    const probe = client(url, { signal: controller.signal })
    controller.abort('not needed any more')
    await expect(probe).rejects.toBe('not needed any more')
    expect(circuit()).toBe('half-open')
    now.answer = fine
    expect(await attempt(client(url))).toBe(200)
    expect(circuit()).toBe('closed')
  })

  it('counts no refusal: after a thousand of them it opens at the same failures', async () => {
    const { now, client, circuit, fails, openTimes } = await opened()
    await fails(10)
    for (let time = 0; time < 1_000; time++) await attempt(client(url))
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = fine
    await played(client(url))
    expect(circuit()).toBe('closed')
    await fails(10)
    expect(circuit()).toBe('open')
    expect(openTimes()).toEqual([5_000, 5_000])
  })

  it('is open to the call that follows upon the success of the last probe', async () => {
    const { now, client, events, fails } = await opened()
    await fails(10)
    await vi.advanceTimersByTimeAsync(5_000)
    now.answer = fine
    let next: Promise<number | string> | undefined
    const watching = client.extend({
      observers: [
        ({ type }) => {
          if (type === 'circuit-closed') next ??= attempt(client(url))
        },
      ],
    })
    await played(watching(url))
    expect(await next).toBe(200)
    expect(events.filter(({ type }) => type === 'call-refused')).toEqual([])
  })
})
