import { quotaOf } from '../../../packages/core/src/classify/rate-limit/quota.ts'
import { shouldRetry, throttleIn, waitInBody } from '../../../packages/core/src/classify/rate-limit/throttle.ts'
import { retryAfter } from '../../../packages/core/src/classify/retry-after.ts'
import type { RateLimitRules } from '../../../packages/core/src/contract/rate-limit/rules.ts'
import { replyOf, replyWith } from '../facts.ts'
import { ensure, type Target } from '../target.ts'

const NOW = 1_700_000_000_000
const LONGEST = 366 * 86_400_000

const rules: RateLimitRules = {
  counters: [{ remaining: 'left', reset: ['next', 'then'], limit: 'all' }],
  throttles: [
    { status: 403, header: { name: 'left', value: '0' } },
    { status: 403, includes: ['slow down'], wait: 1 },
  ],
  wait: { member: 'a.retry_after', unit: 's' },
  shouldRetry: 'again',
}

const seeds = [
  ['429 GET /', '', 'ratelimit: "a";r=0;t=5, b;r=7;t=60;pk=:YQ==:\nratelimit-policy: "a";q=10;w=60'],
  ['200 GET /', '', 'ratelimit: limit=100, remaining=0, reset=5'],
  ['200 GET /', '', 'ratelimit-limit: 9, 9;w=60\nratelimit-remaining: 0\nratelimit-reset: 50'],
  ['200 GET /', '', 'x-ratelimit-remaining: 3, 4\nx-ratelimit-reset: 1700000050\nage: 0'],
  ['403 GET /', '', 'left: 0\nnext: 6m0s\nall: 5'],
  ['403 GET /', 'Slow Down', 'x-rate-limit-remaining: 1\nx-rate-limit-reset: 1700000050123'],
  ['429 GET /', '{"a":{"retry_after":1.5}}', 'x-ratelimit-reset-after: 1.5\nx-should-retry: false'],
  ['503 GET /', '', 'left: 1\nthen: 2023-11-14T22:14:20.5Z\nagain: true\ndate: Tue, 14 Nov 2023 22:13:20 GMT'],
] as const

/** The rate limits in a reply, with the rules of some API and without any. */
export const rateLimitTarget: Target = {
  name: 'rate-limit',
  covers: /packages\/core\/src\/classify\/(?:rate-limit\/|retry-after)/,
  seeds: seeds.map(([line, body, headers]) => replyWith(line, body, '', headers)),
  run(input) {
    const reply = replyOf(input)
    if (!reply.headers.has('date')) reply.headers.set('date', new Date(NOW).toUTCString())
    const quotas = [undefined, rules].map((given) => quotaOf(reply, given))
    for (const quota of quotas) {
      for (const count of [quota?.remaining, quota?.limit])
        ensure(count === undefined || (Number.isFinite(count) && count >= 0), 'a count is a number, 0 or more', count)
      const { resetAfter = 0 } = quota ?? {}
      ensure(resetAfter >= 0 && resetAfter <= LONGEST, 'a reset is within a year', resetAfter)
    }
    for (const ms of [waitInBody(reply, rules), retryAfter(reply.headers)])
      ensure(ms === undefined || (Number.isFinite(ms) && ms >= 0), 'a wait is a time', ms)
    const words = quotas.map((quota) => quota && `${quota.remaining === 0} ${quota.resetAfter === undefined}`)
    return [...words, throttleIn(reply, rules)?.wait, shouldRetry(reply.headers, rules)].join()
  },
  around: (hostile) => [
    replyWith('429 GET /', hostile, '', `ratelimit: ${hostile}`),
    ...['ratelimit-policy', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'next'].map((name) =>
      replyWith('429 GET /', '', '', `ratelimit: a;r=0;t=5\nx-ratelimit-remaining: 0\nleft: 0\n${name}: ${hostile}`),
    ),
  ],
}
