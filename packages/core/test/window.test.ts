import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BUCKETS, Window } from '../src/admit/window.ts'

const LENGTH = 10_000
const PART = LENGTH / BUCKETS

const steps = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 1.5 * LENGTH }), isSlow: fc.boolean(), isFailed: fc.boolean() }),
)

it('counts what a list of all calls has of the last ten parts, whenever it is looked at', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const window = new Window(LENGTH, 0)
      const calls: { readonly part: number; readonly isSlow: boolean; readonly isFailed: boolean }[] = []
      let now = 0
      for (const { after, isSlow, isFailed } of all) {
        now += after
        window.advance(now)
        window.add(isSlow, isFailed)
        const part = Math.floor(now / PART)
        calls.push({ part, isSlow, isFailed })
        const known = calls.filter((call) => call.part > part - BUCKETS)
        expect(window.slowRate(0)).toBe(known.filter((call) => call.isSlow).length / known.length)
        const failed = known.filter((call) => call.isFailed).length
        expect(window.failsFrom((failed + 1) / (known.length + 1), 0)).toBe(true)
        expect(window.failsFrom((failed + 1.5) / (known.length + 1), 0)).toBe(false)
        for (let before = 0; before < BUCKETS; before++) {
          const of = known.filter((call) => call.part === part - before)
          expect(window.countsOf(before)).toMatchObject({
            calls: of.length,
            failed: of.filter((call) => call.isFailed).length,
          })
        }
      }
    }),
  )
})
