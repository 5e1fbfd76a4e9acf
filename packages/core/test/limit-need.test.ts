import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutOf, growthOf, needOf } from '../src/admit/limit/growth.ts'
import { Limit } from '../src/admit/limit/limit.ts'
import { Line } from '../src/admit/line.ts'
import { throttle } from './helpers/bad-answers.ts'

const lineOf = (deadlines: readonly number[]) => {
  const line = new Line()
  for (const deadlineAt of deadlines) {
    line.add({ priority: 'normal', deadlineAt, hasFailed: false, retries: 0, owesToken: false })
  }
  return line
}

describe('the rate that a line needs', () => {
  it('is nothing where nobody waits, and brings everybody out by his deadline', () => {
    expect(lineOf([]).neededRate(0)).toBe(0)
    expect(lineOf([10_000, 20_000, 30_000]).neededRate(0)).toBe(0.1)
    expect(lineOf([10_000, 10_000, 30_000]).neededRate(0)).toBe(0.2)
    const deadlines = fc.array(fc.integer({ min: 500, max: 59_000 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(deadlines, (all) => {
        const rate = lineOf(all).neededRate(0)
        const sorted = all.toSorted((a, b) => a - b)
        for (const [before, deadline] of sorted.entries()) {
          expect((1_000 * (before + 1)) / rate).toBeLessThanOrEqual(deadline + 1e-6)
        }
      }),
    )
  })

  it('is that of a minute for those who can wait for ever, and no endless one for who is late already', () => {
    expect(lineOf([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]).neededRate(0)).toBeCloseTo(2 / 60)
    expect(lineOf([1]).neededRate(0)).toBe(2)
  })

  it('is taken anew as time goes by', () => {
    const line = lineOf([10_000])
    expect(line.neededRate(0)).toBe(0.1)
    expect(line.neededRate(5_000)).toBe(0.2)
  })
})

describe('growth and cut', () => {
  it('go by need: who would lose calls grows far faster, and gives less', () => {
    const [calm, pressed] = [needOf(1, 0.5, 1), needOf(1, 3, 1)]
    expect(growthOf(pressed, false, false, 0)).toBeGreaterThan(20 * growthOf(calm, false, false, 0))
    expect(cutOf(pressed, true)).toBeLessThan(cutOf(calm, true))
  })

  it('are within bounds, whatever is needed', () => {
    const rate = fc.double({ min: 0.001, max: 10_000, noNaN: true })
    fc.assert(
      fc.property(rate, rate, rate, fc.nat(100), (out, needed, before, run) => {
        const need = needOf(out, needed, before)
        expect(growthOf(need, false, false, run)).toBeLessThanOrEqual(1)
        expect(cutOf(need, true)).toBeGreaterThanOrEqual(0.6)
        expect(cutOf(need, true)).toBeLessThanOrEqual(0.9)
      }),
    )
  })

  it('come sooner to who asks seldom, for whom a long run of good answers takes too long', () => {
    const goodsUntilTwice = [0.28, 2.8].map((before) => {
      const limit = new Limit({ window: 0.08 * before, latency: 100, base: 100, before, now: 0 })
      const rate = limit.rate
      let goods = 0
      while (limit.rate < 2 * rate) {
        goods++
        limit.good({ ms: 100, isSlow: false, isFull: true, needed: before, now: goods })
      }
      return goods
    })
    const [seldom = 0, often = 0] = goodsUntilTwice
    expect(seldom).toBeLessThan(0.75 * often)
  })

  it('bring two clients of one throttle to shares by what their lines need', () => {
    // Two a second are taken; one needs three, the other one.
    const clients = [3, 1].map((needed) => ({
      needed,
      limit: new Limit({ window: 0.2, latency: 100, base: 100, before: 2, now: 0 }),
      due: 0,
    }))
    let credit = 0
    const taken = [0, 0]
    for (let now = 0; now < 120_000; now += 10) {
      credit = Math.min(2, credit + 0.02)
      for (const [at, client] of clients.entries()) {
        const { limit, needed } = client
        if (limit.delay(0, now) > 0) continue
        limit.start(now, ((now / 10) % 7) / 7)
        if (credit >= 1) {
          credit--
          if (now > 60_000) taken[at] = (taken[at] ?? 0) + 1
          limit.good({ ms: 100, isSlow: false, isFull: true, needed, now })
        } else limit.bad({ ...throttle, needed, now })
      }
    }
    const [most = 0, least = 0] = taken
    expect(most + least).toBeGreaterThan(100)
    expect(most / least).toBeGreaterThan(1.7)
  })
})
