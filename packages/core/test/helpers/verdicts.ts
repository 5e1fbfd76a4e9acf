import fc from 'fast-check'
import type { Verdict } from '../../src/contract/verdict.ts'
import type { Circumstances, History, Limits } from '../../src/decide/decide.ts'

/** A verdict of a service that is down for a moment, with changes. */
export const verdict = (changes: Partial<Verdict> = {}): Verdict => ({
  vendor: 'http',
  fault: { code: 'HTTP_503', status: 503 },
  row: undefined,
  source: 'status',
  overridden: false,
  kind: 'retryable',
  outcome: 'rejected',
  pace: 'fast',
  busy: false,
  reauth: false,
  achieved: false,
  trips: true,
  costsRetryToken: true,
  pauses: true,
  wait: undefined,
  reroute: undefined,
  ...changes,
})

/** A call of which nothing has happened yet. */
export const history = (changes: Partial<History> = {}): History => ({
  retries: 0,
  busyRetries: 0,
  reroutes: 0,
  renewals: 0,
  lastWait: 0,
  ...changes,
})

/** The usual limits, without jitter. */
export const limits = (changes: Partial<Limits> = {}): Limits => ({
  limit: 4,
  hasOwnLimit: false,
  pace: undefined,
  maxWait: Number.POSITIVE_INFINITY,
  jitter: 'none',
  curves: {
    fast: { base: 500, limit: 20_000 },
    slow: { base: 15_000, limit: 120_000 },
    busy: { base: 2_000, limit: 30_000 },
  },
  acceptAchieved: false,
  hasOnConflict: false,
  ...changes,
})

/** Everything allowed. */
export const free = (changes: Partial<Circumstances> = {}): Circumstances => ({
  repeatable: true,
  resendable: true,
  renewable: true,
  affordable: true,
  openFor: 0,
  patience: 0,
  remaining: 300_000,
  minAttemptTime: 0,
  isHostBound: false,
  reroute: undefined,
  random: () => 0.5,
  ...changes,
})

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const time = fc.double({ min: 0, max: 1e10, noNaN: true })

export const anyVerdict: fc.Arbitrary<Verdict> = fc
  .record({
    kind: fc.constantFrom('retryable', 'auth', 'conflict', 'fatal'),
    outcome: fc.constantFrom('rejected', 'unknown'),
    source: fc.constantFrom('vendor', 'status', 'transport', 'unlisted'),
    pace: fc.constantFrom('fast', 'slow'),
    busy: fc.boolean(),
    reauth: fc.boolean(),
    achieved: fc.boolean(),
    trips: fc.boolean(),
    costsRetryToken: fc.boolean(),
    pauses: fc.boolean(),
    wait: maybe(time),
    reroute: maybe(fc.constantFrom('other.example', '10.0.0.7')),
  })
  .map(verdict)

export const anyHistory: fc.Arbitrary<History> = fc.record({
  retries: fc.nat(12),
  busyRetries: fc.nat(40),
  reroutes: fc.nat(4),
  renewals: fc.nat(4),
  lastWait: time,
})

export const anyLimits: fc.Arbitrary<Limits> = fc
  .record({
    limit: fc.nat(10),
    hasOwnLimit: fc.boolean(),
    pace: maybe(fc.constantFrom('fast', 'slow')),
    maxWait: fc.constantFrom(0, 5_000, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
    jitter: fc.constantFrom('full', 'equal', 'decorrelated', 'none'),
    acceptAchieved: fc.boolean(),
    hasOnConflict: fc.boolean(),
  })
  .map(limits)

export const anyCircumstances: fc.Arbitrary<Circumstances> = fc
  .record({
    repeatable: fc.boolean(),
    resendable: fc.boolean(),
    renewable: fc.boolean(),
    affordable: fc.boolean(),
    openFor: fc.constantFrom(0, 0, 1, 500, 60_000),
    patience: fc.constantFrom(0, 400, Number.POSITIVE_INFINITY),
    remaining: fc.oneof(fc.double({ min: -1e6, max: 1e7, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY)),
    minAttemptTime: fc.constantFrom(0, 0, 50, 1_000),
    isHostBound: fc.boolean(),
    reroute: maybe(
      fc.record({ host: fc.constant('other.example'), reason: fc.constantFrom('named-host', 'next-endpoint') }),
    ),
    chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  .map(({ chance, ...rest }) => ({ ...rest, random: () => chance }))
