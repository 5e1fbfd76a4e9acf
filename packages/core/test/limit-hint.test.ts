import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Limit } from '../src/admit/limit/limit.ts'
import { throttle } from './helpers/bad-answers.ts'

/** Requests in a time to a service that refuses each one and says when to come again, after so many a second before. */
function sentIn(ms: number, before: number, hint: number) {
  const limit = new Limit({ window: 1, latency: 100, base: 100, before, now: 0 })
  let [now, sent] = [0, 0]
  for (;;) {
    now += Math.max(1, Math.ceil(limit.delay(0, now)))
    if (now >= ms) return sent
    limit.start(now, 0.5)
    sent++
    limit.bad({ ...throttle, needed: 2 * before, hint, now })
    // All who ask are held back for that time.
    now += hint
  }
}

describe('a server that says when to come again', () => {
  it('is not asked by each of many as soon as it has said to all of them', () => {
    expect(sentIn(60_000, 0.28, 1_000)).toBeLessThanOrEqual(12)
    expect(sentIn(60_000, 2.8, 1_000)).toBeLessThanOrEqual(16)
  })

  it('is never asked more often for its word, beyond what goes out while the gap grows', () => {
    const hint = fc.integer({ min: 1, max: 30_000 })
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 50, noNaN: true }), hint, (before, ms) => {
        expect(sentIn(60_000, before, ms)).toBeLessThanOrEqual(sentIn(60_000, before, 0) + 3)
      }),
    )
  })

  it('is asked at its pace where nothing else is known of it, until that has been too fast time and again', () => {
    expect(sentIn(6_000, 0, 1_000)).toBeGreaterThanOrEqual(5)
    expect(sentIn(60_000, 0, 1_000)).toBeLessThanOrEqual(16)
    expect(sentIn(60_000, 0, 5_000)).toBeGreaterThanOrEqual(7)
  })
})
