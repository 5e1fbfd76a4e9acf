import type { Trap } from './place.ts'

const limits = 'packages/core/test/rate-limit.test.ts'
const rules = 'packages/core/test/rate-limit-rules.test.ts'

export const traps: readonly Trap[] = [
  {
    name: '15-hint-cut-short',
    what: 'a server is asked again sooner than it has said, as by `maxRetryAfter` of ky',
    test: [
      'packages/core/test/max-wait.test.ts',
      '`maxWait` > ends a call at once whose server asks for more, with the time after which to try again',
    ],
    edits: [
      {
        in: 'retry',
        find: "if (later !== undefined && later > limits.maxWait) return fail('max-wait', later)",
        replace: '',
      },
      {
        in: 'waitFor',
        find: 'verdict.wait + Math.min(0.2 * verdict.wait, limits.maxWait - verdict.wait) * random()',
        replace: 'Math.min(verdict.wait, limits.maxWait)',
      },
    ],
  },
  {
    name: '15-other-reset',
    what: 'a throttle waits for the reset of a limit of which something is left',
    test: [limits, 'a throttle > is not waited upon by the reset of a limit of which something is left'],
    edits: [
      {
        in: 'waitForQuota',
        find: 'isUsedUp(quota) || quota?.remaining === undefined',
        replace: 'quota !== undefined',
      },
    ],
  },
  {
    name: '15-cached-count',
    what: 'a count out of a cache holds everybody back',
    test: [limits, 'a rate limit that is used up > holds nobody back by a reply out of a cache'],
    edits: [{ in: 'readQuota', find: "Number.parseFloat(headers.get('age') ?? '') > 0", replace: 'false' }],
  },
  {
    name: '15-herd-after-reset',
    what: 'all who wait for a reset go at once',
    test: [limits, 'a crowd and a rate limit > come together without one 429 too many: the IETF’s field'],
    edits: [{ in: 'QuotaLeft.holdFor', find: 'this.#left = Math.max(1, this.#limit ?? 1)', replace: 'this.forget()' }],
  },
  {
    name: '15-limit-passed-over',
    what: 'a service that has told of no rate limit for a while is never looked at again',
    test: [
      'packages/core/test/rate-limit-looks.test.ts',
      'a service that has told of no rate limit > is looked at once a millisecond where it gives many answers',
    ],
    edits: [{ in: 'Gate.expectsQuota', find: 'this.#lookedAt === Math.trunc(now)', replace: 'this.#lookedAt >= 0' }],
  },
  {
    name: '15-retry-word-proves-nothing',
    what: 'a server that says "try again" is taken to have done nothing, so that a POST is sent twice',
    test: [rules, 'the word on whether to try again > repeats nothing that may have been done'],
    edits: [
      {
        in: 'statedBy',
        find: "row?.kind === 'retryable' ? outcome : 'unknown'",
        replace: "row?.kind === 'retryable' ? outcome : 'rejected'",
      },
    ],
  },
  {
    name: '15-scope-shown',
    what: 'the credential that divides an origin stands in its key',
    test: [
      'packages/core/test/scope.test.ts',
      '`scope` > shows no credential: not in the state, in events or in errors, nor to whoever prints them',
    ],
    edits: [
      {
        in: 'packages/core/src/state/service-registry.ts',
        find: "isOneTooMany ? 'more' : ++this.#parts",
        replace: 'part',
      },
    ],
  },
]
