import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QuotaLeft } from '../src/admit/bounds/quota-left.ts'

const LONGEST = 300_000

type Step =
  | { readonly do: 'ask' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'answer'; readonly remaining?: number; readonly resetAfter?: number; readonly limit?: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ do: 'ask' }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(20_000) }),
  fc.record(
    {
      do: fc.constant('answer' as const),
      remaining: fc.nat(20),
      resetAfter: fc.nat(1_000_000),
      limit: fc.nat(20),
    },
    { requiredKeys: ['do'] },
  ),
)

/** A service that counts, as its last word has it, and the requests to it. */
class Story {
  readonly quota = new QuotaLeft()
  now = 1_000
  underWay = 0
  left = Number.POSITIVE_INFINITY
  until = 0

  /** @returns false where the next one is held back, which ends the story. */
  ask(): boolean {
    const hold = this.quota.holdFor(this.underWay, this.now)
    if (hold !== undefined) {
      expect(hold.ms).toBeGreaterThan(0)
      expect(hold.ms).toBeLessThanOrEqual(LONGEST)
      expect([0, hold.ms]).toContain(hold.known)
      // Whoever asks again then may go.
      expect(this.quota.holdFor(this.underWay, this.now + hold.ms)).toBeUndefined()
      return false
    }
    if (this.now < this.until) expect(--this.left).toBeGreaterThanOrEqual(0)
    this.quota.take()
    this.underWay++
    return true
  }

  answer({ remaining, resetAfter, limit }: Extract<Step, { do: 'answer' }>): void {
    if (this.underWay === 0) return
    this.underWay--
    this.quota.apply({ remaining, resetAfter, limit }, this.underWay, LONGEST, this.now)
    if (remaining !== undefined && resetAfter !== undefined) {
      this.left = Math.max(0, remaining - this.underWay)
      this.until = this.now + Math.min(resetAfter, LONGEST)
    } else if (this.now >= this.until) this.left = Number.POSITIVE_INFINITY
  }
}

describe('what is left of a rate limit', () => {
  it('is never exceeded before it begins anew, and holds nobody back for ever', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const story = new Story()
        for (const one of steps) {
          if (one.do === 'wait') story.now += one.ms
          else if (one.do === 'answer') story.answer(one)
          else if (!story.ask()) return
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
