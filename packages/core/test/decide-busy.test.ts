import { describe, expect, it } from 'vitest'
import { decide } from '../src/decide/decide.ts'
import { free, history, limits, verdict } from './helpers/verdicts.ts'

describe('a busy object', () => {
  const busy = verdict({ busy: true, trips: false, costsRetryToken: false, pauses: false })
  const wait = (ms: number) => ({ do: 'wait', ms, reason: 'back-off' })

  it('is waited for by a curve of its own, however often', () => {
    const waits = [0, 1, 2, 3, 4, 5, 20].map((busyRetries) => decide(busy, history({ busyRetries }), limits(), free()))
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000].map(wait))
  })

  it('is waited for at the slow pace where its work lasts minutes', () => {
    const slow = { ...busy, pace: 'slow' } as const
    expect(decide(slow, history({ busyRetries: 1 }), limits(), free())).toEqual(wait(30_000))
    expect(decide(busy, history(), limits({ pace: 'fast' }), free())).toEqual(wait(500))
  })

  it('is not asked at once: its waits are spread over their upper half, unless the user says otherwise', () => {
    const soonest = free({ random: () => 0 })
    expect(decide(busy, history(), limits({ jitter: undefined }), soonest)).toEqual(wait(1_000))
    expect(decide(busy, history(), limits({ jitter: 'full' }), soonest)).toEqual(wait(0))
    expect(decide(verdict(), history(), limits({ jitter: undefined }), soonest)).toEqual(wait(0))
  })

  it('leaves the retries of the call to what else it meets', () => {
    expect(decide(verdict(), history({ busyRetries: 9 }), limits(), free())).toEqual(wait(500))
    expect(decide(busy, history({ retries: 4 }), limits(), free())).toEqual(wait(2_000))
  })

  it('is looked at once more as late as the time allows, and then given up', () => {
    const left = (remaining: number) => free({ remaining, minAttemptTime: 1_000 })
    expect(decide(busy, history({ busyRetries: 6 }), limits(), left(21_001))).toEqual(wait(20_000))
    expect(decide(busy, history({ busyRetries: 7 }), limits(), left(900))).toEqual({ do: 'fail', reason: 'deadline' })
    expect(decide(verdict({ pace: 'slow' }), history(), limits(), left(10_000))).toMatchObject({ reason: 'deadline' })
  })

  it('is waited for no oftener than the user says, or where nothing else bounds it', () => {
    const spent = history({ busyRetries: 4 })
    const given = { do: 'fail', reason: 'attempts' }
    expect(decide(busy, spent, limits({ hasOwnLimit: true }), free())).toEqual(given)
    expect(decide(busy, spent, limits(), free({ remaining: Number.POSITIVE_INFINITY }))).toEqual(given)
  })

  it('is met free by nearly all who have a minute, in few attempts', () => {
    let seed = 9
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647
      return seed / 2_147_483_647
    }
    const calls = Array.from({ length: 2_000 }, () => attemptsUntilFree(-8_000 * Math.log(1 - random()), random))
    const free = calls.filter((attempts) => attempts !== undefined)
    expect(free.length / calls.length).toBeGreaterThan(0.99)
    expect(free.reduce((sum, attempts) => sum + attempts, 0) / free.length).toBeLessThan(4)
  })

  /** The attempts of a call that has a minute for an object that is busy for a time; `undefined` where it gives up. */
  function attemptsUntilFree(busyFor: number, random: () => number): number | undefined {
    let now = 0
    let busyRetries = 0
    for (; now < busyFor; busyRetries++) {
      const left = free({ remaining: 60_000 - now, minAttemptTime: 500, random })
      const decision = decide(busy, history({ busyRetries }), limits({ jitter: undefined }), left)
      if (decision.do !== 'wait') return undefined
      now += decision.ms
    }
    return busyRetries + 1
  }
})
