import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Window } from '../src/admit/breaker/window.ts'

const LENGTH = 10_000
const BUCKETS = 10
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
        window.add(isFailed, isSlow, now)
        const part = Math.floor(now / PART)
        calls.push({ part, isSlow, isFailed })
        const known = calls.filter((call) => call.part > part - BUCKETS)
        expect(window.sum()).toEqual({
          calls: known.length,
          failed: known.filter((call) => call.isFailed).length,
          slow: known.filter((call) => call.isSlow).length,
        })
      }
    }),
  )
})
