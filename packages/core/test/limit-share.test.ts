import { describe, expect, it } from 'vitest'
import { Gate } from '../src/admit/gate.ts'
import { RefusedShare } from '../src/admit/limit/refused-share.ts'
import { badSign } from './helpers/bad-answers.ts'

const DAY = 120_000
/** A service that is well for so long before it refuses some. */
const WELL = 30_000

/** Calls that need 20 requests a second, whoever waits. */
const demand = (size: number) => ({ size, neededRate: () => (size === 0 ? 0 : 20) })

/** The same numbers on every run. */
function chance() {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/**
 * Sends as soon as the gate lets it, 20 a second without a limit, to a service that answers in 50 ms.
 *
 * @returns good answers a second in the second half of the trouble.
 */
function against(isRefused: (now: number, random: () => number) => boolean, waiting: number) {
  const gate = new Gate({ breaker: undefined, pause: undefined, hasLimit: true }, 0)
  const random = chance()
  const answers = new Map<number, () => void>()
  let good = 0
  const line = demand(waiting)
  for (let now = 0; now < DAY; now++) {
    answers.get(now)?.()
    answers.delete(now)
    const isDue = now % 50 === 0 || (waiting > 0 && gate.limit !== undefined)
    const at = now + 50 + (now % 7)
    if (!isDue || answers.has(at) || gate.block(now, waiting > 0) !== undefined) continue
    gate.take(now, random)
    const refused = now >= WELL && isRefused(now, random)
    if (now >= (WELL + DAY) / 2 && !refused) good++
    if (refused) gate.learn(badSign, line, now + 1)
    else answers.set(at, () => gate.learnGood(at - now, false, line, at))
  }
  return (2_000 * good) / (DAY - WELL)
}

describe('a service that refuses a share at any rate, as one bad host behind a balancer makes it', () => {
  it.each([0.05, 0.1, 0.25])('gets as many requests as are needed: %f, calls wait', (share) => {
    expect(against((_, random) => random() < share, 100)).toBeGreaterThan(18)
  })

  it.each([0.25, 0.4])('gets more than a third of what comes if no call waits: %f', (share) => {
    expect(against((_, random) => random() < share, 0)).toBeGreaterThan(7)
  })
})

describe('the share of refusals', () => {
  /** Answers of which so many are refused, while the rate is that multiple of the rate before. */
  function isOfNoLoadAfter(share: RefusedShare, answers: number, refused: number, rate: number, isFast = true) {
    const random = chance()
    for (let answer = 0; answer < answers; answer++)
      share.add(random() < refused, { rate, before: 1, latencies: { hasRoom: isFast } })
    return share.isOfNoLoad
  }

  it('comes of no load if it is as before with less load', () => {
    const share = new RefusedShare()
    expect(isOfNoLoadAfter(share, 11, 0.3, 1)).toBe(false)
    expect(isOfNoLoadAfter(share, 120, 0.3, 0.4)).toBe(true)
  })

  it('comes of no load if only the first ten answers had more refusals, by chance', () => {
    const share = new RefusedShare()
    isOfNoLoadAfter(share, 11, 0.6, 1)
    expect(isOfNoLoadAfter(share, 120, 0.3, 0.4)).toBe(true)
  })

  it('comes of load if there are fewer refusals with less load, or as many with as much, or good answers are late', () => {
    for (const [refused, rate, isFast] of [
      [0.08, 0.4, true],
      [0.5, 0.9, true],
      [0.5, 0.4, false],
      [1, 0.1, true],
    ] as const) {
      const share = new RefusedShare()
      isOfNoLoadAfter(share, 11, 0.5, 1)
      expect(isOfNoLoadAfter(share, 240, refused, rate, isFast)).toBe(false)
    }
  })

  it('comes of load after all if it rises with the load', () => {
    const share = new RefusedShare()
    isOfNoLoadAfter(share, 131, 0.2, 0.4)
    expect(share.isOfNoLoad).toBe(true)
    expect(isOfNoLoadAfter(share, 60, 0.6, 0.8)).toBe(false)
  })
})
