import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Breaker } from '../src/admit/breaker/breaker.ts'
import { Gate } from '../src/admit/gate.ts'
import type { LoadSign } from '../src/admit/limit/evidence.ts'
import { longestGap, probeGap } from '../src/admit/limit/gaps.ts'
import { Traffic } from '../src/admit/limit/traffic.ts'
import { Line } from '../src/admit/line.ts'
import { badSign } from './helpers/bad-answers.ts'

const bad = (own: Partial<LoadSign> = {}): LoadSign => ({ ...badSign, ...own })
const late = bad({ ms: 5_000, isSlow: true, isTimedOut: true })
const reset = bad({ isConnectionFault: true })

/** The line in which nobody waits. */
const nobody = { size: 0, neededRate: () => 0 }

/** A service that has taken ten requests a second for half a minute. */
function busyGate() {
  const gate = new Gate({ breaker: undefined, pause: undefined, hasLimit: true }, 0)
  let now = 0
  const good = (ms = 100) => {
    now += 100
    gate.take(now, () => 0.5)
    gate.learnGood(ms, false, nobody, now)
  }
  const fail = (sign: LoadSign) => {
    now += 100
    gate.take(now, () => 0.5)
    gate.learn(sign, nobody, now)
  }
  for (let call = 0; call < 300; call++) good()
  return { gate, good, fail, now: () => now }
}

describe('a limit', () => {
  it('does not begin with faults among good answers, however many', () => {
    const { gate, good, fail } = busyGate()
    for (let call = 0; call < 100; call++) {
      fail(reset)
      good()
    }
    expect(gate.limit).toBeUndefined()
    for (let call = 0; call < 3; call++) fail(reset)
    expect(gate.limit).toBeDefined()
  })

  it('does not begin with one late answer that answers to later requests have overtaken', () => {
    const { gate, fail } = busyGate()
    fail(late)
    expect(gate.limit).toBeUndefined()
  })

  it('is cut far where nothing has overtaken a late answer: others wait in that queue', () => {
    const [queued, refused] = [busyGate(), busyGate()]
    for (let call = 0; call < 60; call++) queued.fail(bad({ isConnectionFault: true }))
    queued.fail(late)
    refused.fail(bad())
    expect(queued.gate.limit?.rate).toBeLessThan(refused.gate.limit?.rate ?? 0)
  })

  it('begins at about the rate before for who has one in flight, so that one refusal holds nothing back', () => {
    const { gate, fail } = busyGate()
    fail(bad())
    expect(gate.limit?.rate).toBeGreaterThan(9)
    expect(gate.limit?.rate).toBeLessThan(16)
    fail(bad())
    fail(bad())
    expect(gate.limit?.rate).toBeLessThan(7)
  })

  it('is gone with the first good answer after an outage in which nobody has waited', () => {
    const { gate, good, fail } = busyGate()
    for (let call = 0; call < 40; call++) fail(bad({ isConnectionFault: true, isUnreachable: true }))
    expect(gate.isProbing).toBe(true)
    good()
    expect(gate.limit).toBeUndefined()
  })

  it('holds no impatient call back while no connection is to be had, and everybody else', () => {
    const { gate, fail, now } = busyGate()
    for (let call = 0; call < 40; call++) fail(bad({ isConnectionFault: true, isUnreachable: true }))
    expect(gate.block(now(), false, true)).toBeUndefined()
    expect(gate.block(now(), false)).toMatchObject({ reason: 'limited' })
  })

  it('is as little a reason as a circuit to hold it back where some meet a closed port, and others a service that is well', () => {
    const open = { state: 'open', admissionDelay: () => 500, probeDelay: () => 500 }
    const gate = new Gate({ breaker: open as unknown as Breaker, pause: undefined, hasLimit: true }, 0)
    gate.learn(bad({ isConnectionFault: true, isUnreachable: true }), nobody, 1)
    gate.learnGood(1, false, nobody, 2)
    expect(gate.block(2, false, true)).toBeUndefined()
    expect(gate.block(2, false)).toMatchObject({ reason: 'circuit-open' })
    gate.learn(bad(), nobody, 3)
    expect(gate.block(3, false, true)).toMatchObject({ reason: 'circuit-open' })
  })

  it('is not all: whoever finds out by himself that nobody is there keeps to the concurrency', () => {
    const gate = new Gate({ breaker: undefined, pause: undefined, hasLimit: true, concurrency: 1 }, 0)
    gate.take(0, () => 0.5)
    gate.learn(bad({ isConnectionFault: true, isUnreachable: true }), nobody, 1)
    expect(gate.block(1, false, true)).toBeUndefined()
    gate.take(1, () => 0.5)
    expect(gate.block(1, false, true)).toMatchObject({ reason: 'limited' })
  })
})

describe('who goes next', () => {
  const waiter = (deadlineAt: number, hasFailed = false, retries = 0) => ({
    priority: 'normal' as const,
    deadlineAt,
    hasFailed,
    retries,
    owesToken: false,
  })
  const lineOf = (...waiters: readonly ReturnType<typeof waiter>[]) => {
    const line = new Line<ReturnType<typeof waiter>>()
    for (const one of waiters) line.add(one)
    return line
  }
  const calm = { isProbing: false, isFaulty: false }

  it('is the most urgent, the one who can wait longest where it will probably fail, and none whom a fault has met before others', () => {
    const line = lineOf(waiter(1_000, true), waiter(2_000), waiter(3_000))
    expect(line.next(0, 0, calm)?.deadlineAt).toBe(1_000)
    expect(line.next(0, 0, { ...calm, isProbing: true })?.deadlineAt).toBe(3_000)
    expect(line.next(0, 0, { ...calm, isFaulty: true })?.deadlineAt).toBe(2_000)
  })

  it('is, where it will probably fail, one that has most retries left: nobody uses up all of them for the others', () => {
    const line = lineOf(waiter(1_000, true, 1), waiter(2_000, true, 2), waiter(3_000, true, 3), waiter(900, true, 1))
    expect(line.next(0, 0, { ...calm, isProbing: true })).toMatchObject({ deadlineAt: 1_000, retries: 1 })
    expect(line.next(0, 0, { ...calm, isFaulty: true })).toMatchObject({ deadlineAt: 900 })
  })

  it('is somebody as long as somebody waits', () => {
    const some = fc.array(fc.tuple(fc.nat(50), fc.boolean()), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(some, fc.boolean(), fc.boolean(), (waiters, isProbing, isFaulty) => {
        const line = lineOf(...waiters.map(([deadline, hasFailed]) => waiter(deadline, hasFailed)))
        for (let left = waiters.length; left > 0; left--) {
          const next = line.next(1_000, 0, { isProbing, isFaulty })
          if (next !== undefined) line.remove(next)
          expect(line.size).toBe(left - 1)
        }
      }),
    )
  })
})

it('probes are no more than the requests before, whoever asks', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1_000, noNaN: true }), fc.boolean(), (before, isUnreachable) => {
      const gap = probeGap(before, isUnreachable)
      expect(gap * before).toBeGreaterThanOrEqual(1_000 - 1e-6)
      expect(gap).toBeLessThanOrEqual(Math.max(5_000, 6_000 / before))
      const refused = longestGap(before, { isQueued: false, isUnreachable: false, hint: 0 })
      expect(refused).toBeGreaterThanOrEqual(Math.min(10_000, Math.max(1_000, 30_000 / before)))
      for (const isQueued of [false, true]) {
        const gap = longestGap(before, { isQueued, isUnreachable: !isQueued, hint: 0 })
        expect(gap).toBeGreaterThanOrEqual(Math.max(10_000, refused))
        expect(gap).toBeLessThanOrEqual(22_000)
      }
    }),
  )
})

it('the rate before is taken over a minute, and an outage does not thin it', () => {
  const traffic = new Traffic(0)
  for (let now = 4_000; now <= 60_000; now += 4_000) traffic.good(100, now)
  const before = traffic.rate(60_000)
  expect(before).toBeGreaterThan(0.25)
  expect(before).toBeLessThan(0.4)
  traffic.resume(120_000)
  expect(traffic.rate(300_000)).toBeGreaterThan(0.25)
})

it('a rate of less than a second is that of a second: so many it surely takes', () => {
  const traffic = new Traffic(0)
  for (let now = 0; now < 250; now += 2.5) traffic.good(2, now)
  expect(traffic.rate(250)).toBe(110)
  expect(traffic.rate(1_000)).toBe(110)
  expect(traffic.rate(2_000)).toBe(55)
})

it('a rate is not known of a few answers', () => {
  const traffic = new Traffic(0)
  for (let now = 10_000; now <= 40_000; now += 10_000) traffic.good(100, now)
  expect(traffic.rate(400_000)).toBe(0)
})
