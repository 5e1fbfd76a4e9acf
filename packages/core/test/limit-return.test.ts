import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Gate } from '../src/admit/gate.ts'
import { Limit } from '../src/admit/limit/limit.ts'
import { createState, resilient } from '../src/index.ts'
import { throttle } from './helpers/bad-answers.ts'
import { breaks, fine, stubFetch } from './helpers/stub-fetch.ts'

/** The line in which nobody waits. */
const nobody = { size: 0, neededRate: () => 0 }

const absent = { isUnreachable: true, isWeak: true, isThrottle: false, isQueued: false, isOld: false, needed: 2 }
const black = { ...throttle, isQueued: true }

/** A service that took so many requests a second and is not there for a minute. */
function away(before: number) {
  const limit = new Limit({ window: 1, latency: 100, base: 100, before, now: 0 })
  let now = 0
  while (now < 60_000) {
    now += Math.max(1, Math.ceil(limit.delay(0, now)))
    limit.start(now, 0.5)
    limit.bad({ ...absent, now })
  }
  expect(limit.isDown).toBe(true)
  return { limit, now }
}

/** Faults in a row, after a good answer so many milliseconds ago. */
function faults(count: number, goodAgo: number) {
  const limit = new Limit({
    window: 2,
    latency: 100,
    base: 100,
    before: 1,
    now: 0,
    badRun: count - 1,
    goodAt: -goodAgo,
  })
  limit.bad({ ...absent, now: 0 })
  return limit
}

describe('a limit that begins with faults', () => {
  it('counts those before it: who sees the third, and nothing good for two seconds, knows that nobody is there', () => {
    expect(faults(3, 2_000).isDown).toBe(true)
    expect(faults(3, 1_999).isDown).toBe(false)
    expect(faults(2, 60_000).isDown).toBe(false)
    expect(faults(6, 0).isDown).toBe(true)
  })

  it('is told of them by its gate', () => {
    const gate = new Gate({ breaker: undefined, pause: undefined, hasLimit: true }, 0)
    const fail = (now: number) => {
      gate.take(now, () => 0.5)
      const sign = { isUnreachable: true, isConnectionFault: true, isThrottle: false, isTimedOut: false } as const
      gate.learn({ load: 'bad', ms: 1, isSlow: false, hint: undefined, ...sign }, nobody, now)
    }
    for (const now of [1_000, 2_000]) fail(now)
    expect(gate.limit).toBeUndefined()
    fail(3_000)
    expect(gate.isProbing).toBe(true)
  })
})

describe('a service that is not there', () => {
  it('is asked once in some seconds, however fast it has answered and however many were in flight', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 64 }), (latency, window) => {
        const limit = new Limit({ window, latency, base: latency, before: 50, now: 0 })
        for (let failed = 0; failed < 6; failed++) limit.bad({ ...absent, isUnreachable: failed === 5, now: 0 })
        let now = 0
        let asked = 0
        while (true) {
          now += Math.max(1, Math.ceil(limit.delay(0, now)))
          if (now > 6_000) break
          limit.start(now, 0.5)
          limit.bad({ ...absent, now })
          asked++
        }
        expect(asked).toBeGreaterThan(2)
        expect(asked).toBeLessThan(6)
      }),
    )
  })
})

describe('a service that refuses everything', () => {
  it('is asked every five seconds or so, as one that answers nothing: at longer gaps calls would end before it is well', () => {
    const limit = new Limit({ window: 1, latency: 100, base: 100, before: 2, now: 0 })
    let [now, asked] = [0, 0]
    while (true) {
      now += Math.max(1, Math.ceil(limit.delay(0, now)))
      if (now > 60_000) break
      limit.start(now, 0.5)
      limit.bad({ ...throttle, isThrottle: false, now })
      asked++
    }
    expect(asked).toBeGreaterThan(13)
    expect(asked).toBeLessThan(18)
  })
})

describe('a service that is there again', () => {
  it('gets half of what it took from who asks often, and all of it from who asks once in some seconds', () => {
    const rates = [0.2, 0.8, 2, 10].map((before) => {
      const { limit } = away(before)
      limit.restart()
      return Math.round((100 * limit.rate) / before)
    })
    expect(rates).toEqual([100, 100, 50, 50])
  })

  it('gets a quarter of that where late answers came before: it had a queue, and took less', () => {
    const [rate, afterQueue] = [false, true].map((isByLatency) => {
      const limit = new Limit({ window: 1, latency: 1_000, base: 100, before: 10, now: 0, isByLatency })
      for (const now of [5_000, 6_000, 7_000]) limit.bad({ ...black, now })
      expect(limit.isDown).toBe(true)
      limit.restart()
      return limit.rate
    })
    expect(rate).toBe(5)
    expect(afterQueue).toBe(1)
  })

  it('is known by a plain refusal, too, after which it is asked again soon', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 50, noNaN: true }), (before) => {
        const { limit, now } = away(before)
        limit.start(now, 0.5)
        limit.bad({ ...throttle, now: now + 1 })
        expect(limit.isDown).toBe(false)
        // A half for the return and a half for the refusal, and at most whole requests are in flight.
        expect(limit.rate).toBeGreaterThanOrEqual(before / 5.001)
      }),
    )
  })

  it('is not known by a request that nothing answers', () => {
    const { limit, now } = away(1)
    limit.start(now, 0.5)
    limit.bad({ ...black, now: now + 5_000 })
    expect(limit.isDown).toBe(true)
  })
})

describe('the longest time between two requests', () => {
  /** Milliseconds until the next, of one of very many, after bad answers that a good one came between. */
  const gapAfter = (bad: typeof throttle) => {
    const limit = new Limit({ window: 1, latency: 100, base: 100, before: 0.28, now: 0 })
    for (let now = 0; now < 600_000; now += 60_000) {
      limit.bad({ ...bad, needed: 0.1, now })
      limit.good({ ms: 100, isSlow: false, isFull: true, needed: 0.1, now })
      limit.bad({ ...bad, needed: 0.1, now })
    }
    return 1_000 / limit.rate
  }

  it('is longer where requests wait at the service for all of their time than where it refuses at once', () => {
    expect(gapAfter(black)).toBeGreaterThan(20_000)
    expect(gapAfter(throttle)).toBeLessThan(11_000)
  })
})

describe('a plain refusal where many are in flight', () => {
  const delayAfter = (bad: typeof throttle, window: number, latency: number) => {
    const limit = new Limit({ window, latency, base: latency, before: 50, now: 0 })
    limit.bad({ ...throttle, isThrottle: false, now: 0 })
    expect(limit.delay(1, 0)).toBe(0)
    limit.bad({ ...bad, isThrottle: false, now: 0 })
    return limit.delay(1, 0)
  }

  it('is followed by a rest, unless it is the first: it has freed its place at once', () => {
    expect(delayAfter(throttle, 5, 100)).toBe(200)
    expect(delayAfter({ ...absent, isUnreachable: false }, 5, 100)).toBe(0)
    expect(delayAfter(black, 5, 100)).toBe(0)
  })

  it('does not keep a service idle that takes many at a time, each for long', () => {
    expect(delayAfter(throttle, 100, 10_000)).toBeLessThan(2_000)
  })
})

describe('a connection that cannot be made', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ['EAI_AGAIN', 'getaddrinfo'],
    ['ENETDOWN', 'connect'],
    ['EMFILE', 'connect'],
    ['ECONNREFUSED', 'connect'],
  ])('is waited for by all, whatever the reason, and tried seldom: %s', async (code, syscall) => {
    const broken = breaks(code, { syscall })
    const { fetch, sent } = stubFetch((one) => (performance.now() < 20_000 ? broken(one) : fine(one)))
    const client = resilient(fetch, { totalTimeout: 60_000, state: createState() })
    const calls = Promise.allSettled(Array.from({ length: 8 }, () => client('http://server.test/')))
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await calls).filter(({ status }) => status === 'rejected')).toEqual([])
    expect(sent.length).toBeLessThan(40)
  })
})
