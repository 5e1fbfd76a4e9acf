import { describe, expect, it } from 'vitest'
import { Gate } from '../src/admit/gate.ts'
import { badSign } from './helpers/bad-answers.ts'

/** A line in which 140 calls a second wait. */
const many = { size: 100, neededRate: () => 140 }

/**
 * Sends as soon as the gate lets it, 100 ms an answer, to a service that takes one request in so many milliseconds from the
 * third second on, as nginx's `limit_req` does without a burst. The others are refused at once.
 */
function against(gap: number, isThrottle: boolean) {
  const gate = new Gate({ breaker: undefined, pause: undefined, hasLimit: true }, 0)
  const answers = new Map<number, (() => void)[]>()
  const counts = { good: 0, refused: 0 }
  let takenAt = 0
  const send = (now: number) => {
    gate.take(now, () => (now % 97) / 97)
    const isTaken = now < 3_000 || now - takenAt >= gap
    if (isTaken) takenAt = now
    if (now >= 3_000) counts[isTaken ? 'good' : 'refused']++
    const at = now + (isTaken ? 50 + (now % 101) : 1)
    const answer = isTaken
      ? () => gate.learnGood(at - now, false, many, at)
      : () => gate.learn({ ...badSign, isThrottle }, many, at)
    answers.set(at, [...(answers.get(at) ?? []), answer])
  }
  for (let now = 0; now < 23_000; now++) {
    for (const answer of answers.get(now) ?? []) answer()
    // Without a limit, 140 a second go; under one, all that it lets out.
    if (gate.limit === undefined) {
      if (now % 7 === 0) send(now)
    } else for (let sent = 0; sent < 20 && gate.block(now, true) === undefined; sent++) send(now)
  }
  return { perSecond: counts.good / 20, share: counts.refused / (counts.good + counts.refused) }
}

describe('a service that counts requests, however few are under way', () => {
  it('gets them one after the other, at a pace near what it takes: a throttle', () => {
    const { perSecond, share } = against(14, true)
    expect(perSecond).toBeGreaterThan(0.6 * 71)
    expect(share).toBeLessThan(0.15)
  })

  it('gets them so where it refuses with a 503, among answers as fast as ever', () => {
    const { perSecond, share } = against(14, false)
    expect(perSecond).toBeGreaterThan(0.6 * 71)
    expect(share).toBeLessThan(0.15)
  })
})

describe('a service that refuses because its queue is full', () => {
  it('is bounded by requests in flight: a pace would fill the queue again', () => {
    const gate = new Gate({ breaker: undefined, pause: undefined, hasLimit: true }, 0)
    for (let now = 0; now < 3_000; now += 10) {
      gate.take(now, () => 0.5)
      gate.learnGood(100, false, many, now)
    }
    for (let sent = 0; sent < 8; sent++) gate.take(3_000, () => 0.5)
    gate.learn(badSign, many, 3_001)
    for (let answered = 0; answered < 4; answered++) gate.learnGood(2_000, false, many, 5_000 + answered)
    gate.learn(badSign, many, 5_010)
    for (let sent = 0; sent < 20; sent++) gate.take(5_011, () => 0.5)
    expect(gate.block(120_000, true)).toMatchObject({ reason: 'limited', ms: Number.POSITIVE_INFINITY })
  })
})
