import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BackoffInput, backoff } from '../src/decide/backoff.ts'

const fast = { base: 500, limit: 20_000 }
const slow = { base: 15_000, limit: 120_000 }

const at = (retries: number, changes: Partial<BackoffInput> = {}): number =>
  backoff({ curve: fast, jitter: 'none', retries, lastWait: 0, random: () => 0.5, ...changes })

const anyCurve = fc
  .record({
    base: fc.double({ min: 1, max: 60_000, noNaN: true }),
    times: fc.double({ min: 1, max: 500, noNaN: true }),
  })
  .map(({ base, times }) => ({ base, limit: base * times }))

const anyInput = fc.record({
  curve: anyCurve,
  retries: fc.nat(10_000),
  lastWait: fc.double({ min: 0, max: 1e9, noNaN: true }),
  chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})

describe('the curve of a wait', () => {
  it('doubles from the base up to the limit', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((retries) => at(retries))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
    ])
  })

  it('counts a slow pace in minutes', () => {
    expect([0, 1, 2, 3, 4].map((retries) => at(retries, { curve: slow }))).toEqual([
      15_000, 30_000, 60_000, 120_000, 120_000,
    ])
  })

  it('stays at the limit however many retries there were', () => {
    expect(at(5_000)).toBe(20_000)
    expect(at(Number.MAX_SAFE_INTEGER)).toBe(20_000)
  })
})

describe('the spread of a wait', () => {
  it('is all of the curve by full jitter', () => {
    expect(at(2, { jitter: 'full', random: () => 0 })).toBe(0)
    expect(at(2, { jitter: 'full', random: () => 0.25 })).toBe(500)
    expect(at(2, { jitter: 'full', random: () => 0.999 })).toBe(1_998)
  })

  it('is the upper half by equal jitter', () => {
    expect(at(2, { jitter: 'equal', random: () => 0 })).toBe(1_000)
    expect(at(2, { jitter: 'equal', random: () => 0.5 })).toBe(1_500)
  })

  it('grows from the last wait by decorrelated jitter', () => {
    expect(at(7, { jitter: 'decorrelated', random: () => 0 })).toBe(500)
    expect(at(0, { jitter: 'decorrelated', lastWait: 0, random: () => 0.5 })).toBe(1_000)
    expect(at(0, { jitter: 'decorrelated', lastWait: 4_000, random: () => 0.5 })).toBe(6_250)
    expect(at(0, { jitter: 'decorrelated', lastWait: 19_000, random: () => 0.999 })).toBe(20_000)
  })

  it.each(['full', 'equal', 'decorrelated', 'none'] as const)('never leaves the curve by %s jitter', (jitter) => {
    fc.assert(
      fc.property(anyInput, ({ chance, ...input }) => {
        const { base, limit } = input.curve
        const ms = backoff({ ...input, jitter, random: () => chance })
        expect(ms).toBeGreaterThanOrEqual(jitter === 'full' ? 0 : Math.min(base / 2, limit))
        expect(ms).toBeLessThanOrEqual(limit)
      }),
    )
  })

  it('never shrinks the ceiling from one retry to the next', () => {
    fc.assert(
      fc.property(anyInput, ({ chance, ...input }) => {
        const now = { ...input, jitter: 'full' as const, random: () => chance }
        expect(backoff({ ...now, retries: now.retries + 1 })).toBeGreaterThanOrEqual(backoff(now))
      }),
    )
  })
})
