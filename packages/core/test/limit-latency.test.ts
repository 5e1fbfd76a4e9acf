import { describe, expect, it } from 'vitest'
import { Gate } from '../src/admit/gate.ts'
import { Limit } from '../src/admit/limit/limit.ts'
import { throttle } from './helpers/bad-answers.ts'

const nobody = { size: 0, neededRate: () => 0 }
const crowd = { size: 20, neededRate: () => 2 }

/** A service that has taken a request each `interval` milliseconds, 300 in all, each in `usual` milliseconds. */
function gateOf(usual = 100, hasLimit = true, interval = 100) {
  const gate = new Gate({ breaker: undefined, pause: undefined, hasLimit }, 0)
  let now = 0
  const start = (count = 1) => {
    for (let one = 0; one < count; one++) gate.take(now, () => 0.5)
  }
  const good = (ms: number, waiting = nobody) => {
    now += interval
    gate.learnGood(ms, false, waiting, now)
  }
  for (let call = 0; call < 300; call++) {
    start()
    good(usual)
  }
  return { gate, start, good, now: () => now }
}

/** A limit that began with ten in flight, on answers that came ten times later than before. */
const byLatency = () => new Limit({ window: 10, latency: 1_000, base: 100, before: 10, now: 0, isByLatency: true })

const late = { ...throttle, isQueued: true }

describe('late answers', () => {
  it('begin a limit where many are in flight: at twice as many as are worked on, as all others stand in a queue', () => {
    const windows = [400, 1_000, 2_000].map((ms) => {
      const { gate, start, good, now } = gateOf()
      start(40)
      good(ms)
      start()
      expect(gate.block(now(), true)).toMatchObject({ reason: 'limited' })
      return gate.limit?.window
    })
    expect(windows).toEqual([20, 8, 4])
  })

  it('leave two in flight, however late they are', () => {
    const { gate, start, good, now } = gateOf()
    start(6)
    good(4_000)
    expect(gate.limit?.window).toBe(2)
    for (let call = 0; call < 4; call++) gate.release(true)
    expect(gate.underWay).toBe(1)
    expect(gate.block(now(), true)).toBeUndefined()
    start()
    expect(gate.block(now(), true)).toMatchObject({ reason: 'limited' })
  })

  it('say nothing where few are in flight, where all is over within a moment, and where limits are off', () => {
    const few = gateOf()
    few.start(3)
    few.good(1_000)
    expect(few.gate.limit).toBeUndefined()
    const seldom = gateOf(100, true, 2_000)
    seldom.start(4)
    seldom.good(1_000)
    expect(seldom.gate.limit).toBeUndefined()
    seldom.start(2)
    seldom.good(1_000)
    expect(seldom.gate.limit).toBeDefined()
    const quick = gateOf(1)
    quick.start(50)
    quick.good(99)
    expect(quick.gate.limit).toBeUndefined()
    const off = gateOf(100, false)
    off.start(50)
    off.good(1_000)
    expect(off.gate.limit).toBeUndefined()
  })

  it('refuse nobody who cannot wait, however many are in flight', () => {
    const { gate, start, good, now } = gateOf()
    start(8)
    good(1_000)
    start(20)
    expect(gate.block(now(), false, true)).toBeUndefined()
  })

  it('refuse who cannot wait where they come later and later, and more is in flight than the rate before makes', () => {
    const { gate, start, good, now } = gateOf()
    start(30)
    good(1_000)
    for (let call = 0; call < 9; call++) good(2_000)
    // Ten requests a second, each of which takes two seconds, are 20 in flight.
    start(5)
    expect(gate.underWay).toBe(25)
    expect(gate.block(now(), false, true)).toBeUndefined()
    start(6)
    expect(gate.block(now(), false, true)).toMatchObject({ reason: 'limited' })
  })

  it('keep a quarter of the rate before going, whatever hangs', () => {
    const { gate, start, good, now } = gateOf()
    start(8)
    good(1_000)
    start(20)
    const { ms = 0 } = gate.block(now(), true) ?? {}
    expect(ms).toBeGreaterThan(300)
    expect(ms).toBeLessThanOrEqual(400)
  })

  it('are forgotten fast once answers are fast again', () => {
    const limit = byLatency()
    for (let call = 1; call <= 5; call++)
      limit.good({ ms: 100, isSlow: false, isFull: true, needed: 2, now: call * 100 })
    expect(limit.window).toBe(15)
  })
})

describe('a service that is slower, and no fuller', () => {
  it('gets all that it took before, and a little more for those who wait', () => {
    const limit = byLatency()
    for (let now = 0; now < 30_000; now += 100) limit.good({ ms: 1_500, isSlow: true, isFull: true, needed: 2, now })
    expect(limit.rate).toBeGreaterThanOrEqual(10)
    expect(limit.rate).toBeLessThan(14)
  })

  it('gets less where its answers come later and later', () => {
    const windows = [1, 1.01, 1.02].map((growth) => {
      const limit = byLatency()
      for (let call = 0; call < 50; call++) {
        limit.good({ ms: 1_500 * growth ** call, isSlow: true, isFull: true, needed: 2, now: call * 100 })
      }
      return limit.window
    })
    expect(windows).toEqual(windows.toSorted((a, b) => b - a))
    expect(windows[2]).toBeLessThan(10)
  })
})

describe('a service that refuses some while others wait there', () => {
  /** Growth of the window with one good answer of so many milliseconds, which came in 100 before. */
  const growthAt = (ms: number, needed: number, isQueued = false) => {
    const limit = new Limit({ window: 10, latency: ms, base: 100, before: 1_000, now: 0 })
    limit.bad({ ...late, isThrottle: false, isQueued, needed, now: 0 })
    const window = limit.window
    limit.good({ ms, isSlow: false, isFull: true, needed, now: 100 })
    return limit.window - window
  }

  it('is not asked for as much as before: more would only wait there', () => {
    expect(growthAt(410, 2)).toBeLessThan(growthAt(390, 2) / 3)
    expect(growthAt(410, 2)).toBeGreaterThan(0)
  })

  it('is left to its latency once requests have waited for all of their time', () => {
    expect(growthAt(410, 2, true)).toBeGreaterThan(3 * growthAt(410, 2))
  })

  it('is asked for what calls need that would be lost', () => {
    expect(growthAt(410, 60)).toBeGreaterThan(5 * growthAt(410, 2))
  })
})

describe('a queue in which requests have waited for all of their time', () => {
  /** Growth of the window in five seconds of answers that take four times as long as before. */
  const grown = (isQueue: boolean) => {
    const limit = new Limit({ window: 10, latency: 390, base: 100, before: 10, now: 0 })
    if (isQueue) limit.bad({ ...late, now: 0 })
    const window = limit.window
    for (let now = 0; now < 5_000; now += 100) limit.good({ ms: 390, isSlow: false, isFull: true, needed: 0.1, now })
    return limit.window - window
  }

  it('is let run down to what answers took before', () => {
    expect(grown(true)).toBeLessThan(-1)
    expect(grown(false)).toBeGreaterThan(0)
  })

  it('is never let run dry: about a quarter of the rate before goes out', () => {
    const limit = new Limit({ window: 10, latency: 500, base: 100, before: 10, now: 0 })
    limit.bad({ ...late, now: 0 })
    for (let now = 0; now < 600_000; now += 100) limit.good({ ms: 5_000, isSlow: true, isFull: true, needed: 0.1, now })
    expect(limit.rate).toBeGreaterThan(1.5)
  })
})

it('a call has time left for an answer while the service is down, of which nothing but the past is known', () => {
  const limit = byLatency()
  expect(limit.answerTime).toBe(1_100)
  for (let call = 0; call < 3; call++) limit.bad({ ...late, now: 1_000 })
  expect(limit.answerTime).toBe(200)
})

it('who waits is let out by a gate whose limit began with late answers, as the queue at the service goes', () => {
  const { gate, start, good, now } = gateOf()
  start(8)
  good(1_000, crowd)
  start()
  for (let answer = 0; answer < 2; answer++) good(1_000, crowd)
  expect(gate.block(now(), true)).toMatchObject({ reason: 'limited' })
  for (let answer = 0; answer < 5; answer++) good(1_000, crowd)
  expect(gate.block(now(), true)).toBeUndefined()
})
