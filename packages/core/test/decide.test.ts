import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../src/decide/decide.ts'
import {
  anyCircumstances,
  anyHistory,
  anyLimits,
  anyVerdict,
  free,
  history,
  limits,
  verdict,
} from './helpers/verdicts.ts'

const LONGEST = 2 ** 31 - 1

const always = (holds: (...facts: Parameters<typeof decide>) => void) =>
  fc.assert(fc.property(anyVerdict, anyHistory, anyLimits, anyCircumstances, holds), { numRuns: 500 })

describe('a retryable verdict', () => {
  it('is waited upon by the curve of its pace', () => {
    expect(decide(verdict(), history(), limits(), free())).toEqual({ do: 'wait', ms: 500, reason: 'back-off' })
    expect(decide(verdict({ pace: 'slow' }), history({ retries: 1 }), limits(), free())).toEqual({
      do: 'wait',
      ms: 30_000,
      reason: 'back-off',
    })
  })

  it('is waited upon by the pace that the user names', () => {
    expect(decide(verdict(), history(), limits({ pace: 'slow' }), free())).toMatchObject({ ms: 15_000 })
    expect(decide(verdict({ pace: 'slow' }), history(), limits({ pace: 'fast' }), free())).toMatchObject({ ms: 500 })
  })

  it('is waited upon as long as the server says, and a fifth more at most', () => {
    const hinted = verdict({ wait: 60_000 })
    expect(decide(hinted, history(), limits(), free({ random: () => 0 }))).toEqual({
      do: 'wait',
      ms: 60_000,
      reason: 'server-hint',
    })
    expect(decide(hinted, history(), limits(), free({ random: () => 0.75 }))).toMatchObject({ ms: 69_000 })
  })

  it('takes "now" for no wait of the server’s, as callers told together would come back together', () => {
    expect(decide(verdict({ wait: 0 }), history(), limits(), free())).toMatchObject({ ms: 500, reason: 'back-off' })
  })

  it('may be repeated with an unknown outcome only where the request is repeatable', () => {
    const unknown = verdict({ outcome: 'unknown' })
    expect(decide(unknown, history(), limits(), free())).toMatchObject({ do: 'wait' })
    expect(decide(unknown, history(), limits(), free({ repeatable: false }))).toEqual({
      do: 'fail',
      reason: 'not-repeatable',
    })
    expect(decide(verdict(), history(), limits(), free({ repeatable: false }))).toMatchObject({ do: 'wait' })
  })

  it('fails where its body cannot be sent again', () => {
    expect(decide(verdict(), history(), limits(), free({ resendable: false }))).toEqual({
      do: 'fail',
      reason: 'body-not-replayable',
    })
  })

  it('fails when the retries are used up', () => {
    expect(decide(verdict(), history({ retries: 3 }), limits(), free())).toMatchObject({ do: 'wait' })
    expect(decide(verdict(), history({ retries: 4 }), limits(), free())).toEqual({ do: 'fail', reason: 'attempts' })
    expect(decide(verdict(), history(), limits({ limit: 0 }), free())).toEqual({ do: 'fail', reason: 'attempts' })
  })

  it('fails where the service’s budget is spent, and only if it spends', () => {
    const poor = free({ affordable: false })
    expect(decide(verdict(), history(), limits(), poor)).toEqual({ do: 'fail', reason: 'budget' })
    expect(decide(verdict({ costsRetryToken: false }), history(), limits(), poor)).toMatchObject({ do: 'wait' })
  })

  it('fails where the wait does not fit into the time left, and says when to return', () => {
    const hinted = verdict({ wait: 60_000 })
    expect(decide(hinted, history(), limits(), free({ remaining: 60_000 }))).toEqual({
      do: 'fail',
      reason: 'deadline',
      retryAfter: 60_000,
    })
    expect(decide(verdict(), history(), limits(), free({ remaining: 500 }))).toEqual({ do: 'fail', reason: 'deadline' })
    expect(decide(verdict(), history(), limits(), free({ remaining: 501 }))).toMatchObject({ do: 'wait' })
  })

  it('fails where the wait leaves too little for an answer', () => {
    const hinted = verdict({ wait: 60_000 })
    const left = (remaining: number) => free({ remaining, minAttemptTime: 1_000, random: () => 0 })
    expect(decide(hinted, history(), limits(), left(61_000))).toMatchObject({ reason: 'deadline', retryAfter: 60_000 })
    expect(decide(hinted, history(), limits(), left(61_001))).toMatchObject({ do: 'wait', ms: 60_000 })
  })

  it('is spread no further than the time left allows', () => {
    const tight = free({ remaining: 60_001, random: () => 0.999 })
    const decision = decide(verdict({ wait: 60_000 }), history(), limits(), tight)
    expect(decision).toMatchObject({ do: 'wait', ms: 60_000, reason: 'server-hint' })
    // A spread that leaves too little for an answer is none either.
    const tighter = free({ remaining: 61_500, minAttemptTime: 1_000, random: () => 0.125 })
    expect(decide(verdict({ wait: 60_000 }), history(), limits(), tighter)).toMatchObject({ do: 'wait', ms: 60_000 })
  })

  it('is retried in the time left where its curve goes beyond it, as long as the shortest wait fits', () => {
    const with3s = { remaining: 3_000, minAttemptTime: 0 }
    for (const jitter of ['none', 'full', 'equal', 'decorrelated'] as const)
      for (const chance of [0, 0.5, 0.999]) {
        const facts = free({ ...with3s, random: () => chance })
        const late = decide(verdict(), history({ retries: 3, lastWait: 2_000 }), limits({ jitter }), facts)
        expect(late).toMatchObject({ do: 'wait', reason: 'back-off' })
        expect(late.do === 'wait' && late.ms).toBeLessThan(3_000)
      }
    const slow = decide(verdict({ pace: 'slow' }), history(), limits(), free({ ...with3s, random: () => 0.999 }))
    expect(slow).toEqual({ do: 'fail', reason: 'deadline' })
  })

  it('fails where the wait is longer than a timer can be, though there is no deadline', () => {
    const endless = free({ remaining: Number.POSITIVE_INFINITY, random: () => 0 })
    expect(decide(verdict({ wait: LONGEST }), history(), limits(), endless)).toMatchObject({ ms: LONGEST })
    const longer = { do: 'fail', reason: 'deadline', retryAfter: LONGEST + 1 }
    expect(decide(verdict({ wait: LONGEST + 1 }), history(), limits(), endless)).toEqual(longer)
  })

  it('fails where the circuit is open for longer than the wait and the patience, and says when both are over', () => {
    const openFor = (ms: number, wait?: number, maxWait = Number.POSITIVE_INFINITY) =>
      decide(
        verdict(wait === undefined ? {} : { wait }),
        history(),
        limits({ maxWait }),
        free({ openFor: ms, patience: 1_000, random: () => 0 }),
      )
    expect(openFor(1_500)).toMatchObject({ do: 'wait', ms: 500 })
    expect(openFor(1_501)).toEqual({ do: 'fail', reason: 'circuit-open', retryAfter: 1_501 })
    expect(openFor(9_000, 7_000)).toEqual({ do: 'fail', reason: 'circuit-open', retryAfter: 9_000 })
    expect(openFor(8_000, 7_000)).toMatchObject({ do: 'wait', ms: 7_000 })
    expect(openFor(1_500, undefined, 900)).toMatchObject({ reason: 'circuit-open' })
  })

  it('is spread no further than `maxWait`', () => {
    const hinted = (maxWait: number) =>
      decide(verdict({ wait: 60_000 }), history(), limits({ maxWait }), free({ random: () => 0.5 }))
    expect([70_000, 64_000, 60_000].map(hinted)).toMatchObject([{ ms: 65_000 }, { ms: 62_000 }, { ms: 60_000 }])
  })

  it('hands the server’s word on with every failure', () => {
    const facts = [history({ retries: 9 }), limits(), free({ repeatable: false, affordable: false })] as const
    for (const outcome of ['rejected', 'unknown'] as const) {
      expect(decide(verdict({ wait: 7_000, outcome }), ...facts)).toMatchObject({ do: 'fail', retryAfter: 7_000 })
    }
  })
})

describe('a verdict that names another host', () => {
  const moved = verdict({ reroute: 'other.example', costsRetryToken: false })
  const trusted = { reroute: { host: 'other.example', reason: 'named-host' } } as const

  it('sends the request there at once, although no retry is left', () => {
    expect(decide(moved, history({ retries: 4 }), limits(), free({ ...trusted, affordable: false }))).toEqual({
      do: 'reroute',
      ...trusted.reroute,
    })
  })

  it('fails where the host is not trusted', () => {
    expect(decide(moved, history(), limits(), free())).toEqual({ do: 'fail', reason: 'untrusted-host' })
  })

  it('waits after two re-routes, and fails where no retry is left', () => {
    expect(decide(moved, history({ reroutes: 1 }), limits(), free(trusted))).toMatchObject({ do: 'reroute' })
    const spent = history({ reroutes: 2, retries: 4 })
    expect(decide(moved, spent, limits(), free(trusted))).toEqual({ do: 'fail', reason: 'too-many-hops' })
    const more = history({ reroutes: 2, retries: 3 })
    expect(decide(moved, more, limits(), free(trusted))).toMatchObject({ do: 'wait', reason: 'back-off' })
    const next = { reroute: { host: 'other.example', reason: 'next-endpoint' } } as const
    expect(decide(moved, spent, limits(), free(next))).toMatchObject({ reason: 'next-endpoint' })
  })

  it('fails where the body is gone, or the work may have been done', () => {
    expect(decide(moved, history(), limits(), free({ ...trusted, resendable: false }))).toMatchObject({
      reason: 'body-not-replayable',
    })
    const unknown = { ...moved, outcome: 'unknown' } as const
    expect(decide(unknown, history(), limits(), free({ ...trusted, repeatable: false }))).toMatchObject({
      reason: 'not-repeatable',
    })
    expect(decide(unknown, history(), limits(), free(trusted))).toMatchObject({ do: 'reroute' })
    expect(decide(moved, history(), limits(), free({ ...trusted, repeatable: false }))).toMatchObject({ do: 'reroute' })
  })
})

describe('an auth verdict', () => {
  const expired = verdict({ kind: 'auth', reauth: true })

  it('renews the session once, although no retry is left', () => {
    expect(decide(expired, history({ retries: 4 }), limits(), free())).toEqual({
      do: 'renew',
      reason: 'session-rejected',
    })
    expect(decide(expired, history({ renewals: 3 }), limits(), free())).toEqual({ do: 'fail', reason: 'auth' })
  })

  it('fails where a login would not help, nothing was signed, or the body is gone', () => {
    const weak = verdict({ kind: 'auth', reauth: false })
    expect(decide(weak, history(), limits(), free())).toEqual({ do: 'fail', reason: 'auth' })
    expect(decide(expired, history(), limits(), free({ renewable: false }))).toEqual({ do: 'fail', reason: 'auth' })
    expect(decide(expired, history(), limits(), free({ resendable: false }))).toMatchObject({
      reason: 'body-not-replayable',
    })
  })

  it('of unknown outcome logs in anew only for what may be repeated', () => {
    const late = verdict({ kind: 'auth', reauth: true, outcome: 'unknown' })
    expect(decide(late, history(), limits(), free({ repeatable: false }))).toEqual({
      do: 'fail',
      reason: 'not-repeatable',
    })
    expect(decide(late, history(), limits(), free())).toMatchObject({ do: 'renew' })
    expect(decide(expired, history(), limits(), free({ repeatable: false }))).toMatchObject({ do: 'renew' })
  })

  it('in the record of work that has ended logs nobody in', () => {
    const settled = verdict({ kind: 'auth', reauth: true, fault: { code: 'ENDED', settled: true } })
    expect(decide(settled, history(), limits(), free())).toEqual({ do: 'fail', reason: 'auth' })
  })
})

describe('a conflict', () => {
  const conflict = verdict({ kind: 'conflict' })

  it('fails at once, or is the user’s to decide', () => {
    expect(decide(conflict, history(), limits(), free())).toEqual({ do: 'fail', reason: 'conflict' })
    expect(decide(conflict, history(), limits({ hasOnConflict: true }), free())).toEqual({
      do: 'ask',
      reason: 'conflict',
    })
  })

  it('is done where the wanted state holds already, for whoever says so', () => {
    const achieved = verdict({ kind: 'conflict', achieved: true })
    expect(decide(achieved, history(), limits(), free())).toMatchObject({ do: 'fail' })
    const accepting = limits({ acceptAchieved: true, hasOnConflict: true })
    expect(decide(achieved, history(), accepting, free())).toEqual({ do: 'return', reason: 'achieved' })
    expect(decide(conflict, history(), accepting, free())).toMatchObject({ do: 'ask' })
  })
})

describe('a fatal verdict', () => {
  it('fails and says why', () => {
    const reason = (code: string, source: 'vendor' | 'unlisted' | 'transport' = 'vendor') =>
      decide(verdict({ kind: 'fatal', source, fault: { code } }), history(), limits(), free())
    expect(reason('LABEL_BAD')).toEqual({ do: 'fail', reason: 'fatal' })
    expect(reason('NEW_IN_2031', 'unlisted')).toEqual({ do: 'fail', reason: 'unlisted' })
    expect(reason('REDIRECT_UNTRUSTED', 'transport')).toEqual({ do: 'fail', reason: 'untrusted-host' })
    expect(reason('REDIRECT_HIDDEN', 'transport')).toEqual({ do: 'fail', reason: 'untrusted-host' })
    expect(reason('REDIRECT_LIMIT', 'transport')).toEqual({ do: 'fail', reason: 'fatal' })
  })
})

describe('whatever the verdict', () => {
  it('nothing is repeated that may have been done and must not be done twice', () => {
    always((given, past, bounds, now) => {
      const decision = decide({ ...given, outcome: 'unknown' }, past, bounds, { ...now, repeatable: false })
      expect(['wait', 'reroute']).not.toContain(decision.do)
    })
  })

  it('no wait is shorter than the server’s word, and none outlasts the call or a timer', () => {
    always((given, past, bounds, now) => {
      const decision = decide(given, past, bounds, now)
      if (decision.do !== 'wait') return
      expect(decision.ms).toBeGreaterThanOrEqual(given.wait ?? 0)
      expect(decision.ms).toBeLessThan(now.remaining - now.minAttemptTime)
      expect(decision.ms).toBeLessThanOrEqual(LONGEST)
      if (decision.reason === 'server-hint') expect(decision.ms).toBeLessThanOrEqual(bounds.maxWait)
    })
  })

  it('there are never more retries than the limit, but for a busy object within the time', () => {
    always((given, past, bounds, now) => {
      const decision = decide({ ...given, busy: false }, { ...past, retries: bounds.limit }, bounds, now)
      expect(decision.do).not.toBe('wait')
      const spent = { ...past, retries: 0, busyRetries: bounds.limit }
      expect(decide(given, spent, { ...bounds, hasOwnLimit: true }, now).do).not.toBe('wait')
      expect(decide(given, spent, bounds, { ...now, remaining: Number.POSITIVE_INFINITY }).do).not.toBe('wait')
    })
  })

  it('only a retryable verdict waits, and nothing goes out again whose body is gone', () => {
    always((given, past, bounds, now) => {
      if (given.kind !== 'retryable') expect(['wait', 'reroute']).not.toContain(decide(given, past, bounds, now).do)
      const decision = decide(given, past, bounds, { ...now, resendable: false })
      expect(['wait', 'reroute', 'renew']).not.toContain(decision.do)
    })
  })

  it('an empty budget lets no retry about the service out', () => {
    always((given, past, bounds, now) => {
      const decision = decide({ ...given, costsRetryToken: true }, past, bounds, { ...now, affordable: false })
      expect(decision.do).not.toBe('wait')
    })
  })

  it('what would make no progress by itself is bounded', () => {
    always((given, past, bounds, now) => {
      expect(decide(given, { ...past, renewals: 3 }, bounds, now).do).not.toBe('renew')
      const decision = decide(given, { ...past, reroutes: 2 + past.reroutes }, bounds, now)
      if (decision.do === 'reroute') expect(decision.reason).toBe('next-endpoint')
    })
  })

  it('no retry is waited for that cannot wait as long as the circuit is open', () => {
    always((given, past, bounds, now) => {
      const decision = decide({ ...given, kind: 'retryable', reroute: undefined }, past, bounds, now)
      if (decision.do === 'wait') expect(decision.ms).toBeGreaterThanOrEqual(now.openFor - now.patience)
    })
  })

  it('a failure hands on when to return, if anybody said', () => {
    always((given, past, bounds, now) => {
      const decision = decide({ ...given, kind: 'retryable', reroute: undefined }, past, bounds, now)
      if (decision.do !== 'fail') return
      const later = decision.reason === 'circuit-open' ? Math.max(now.openFor, given.wait ?? 0) : given.wait
      expect(decision.retryAfter).toBe(later)
    })
  })
})
