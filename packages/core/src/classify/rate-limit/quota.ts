import type { Quota } from '../../contract/rate-limit/quota.ts'
import type { CounterHeaders, RateLimitRules } from '../../contract/rate-limit/rules.ts'
import { serverTime } from '../retry-after.ts'
import { readRateLimit } from './field.ts'
import { resetAfter } from './reset.ts'

/** Most characters of a header that is read. */
const LONGEST = 1_024

/** The parts of a reply that show a rate limit. */
type Counting = Pick<Response, 'status' | 'headers'>

/**
 * Reads what is left of an API's rate limits. It never throws: a header that cannot be read is ignored.
 *
 * @param rules the further headers of this API; `false` to read none.
 * @returns of several limits the used-up one that resets last, or else the one with the least left; `undefined` if the reply
 *   shows none, or came from a cache, so that it is out of date.
 */
export function quotaOf(reply: Counting, rules: RateLimitRules | false | undefined): Quota | undefined {
  if (rules === false) return undefined
  try {
    return reply.status !== 429 && isSilent(reply.headers, rules) ? undefined : readQuota(reply, rules)
  } catch {
    // A stub's headers may throw.
    return undefined
  }
}

function readQuota({ status, headers }: Counting, rules: RateLimitRules | undefined): Quota | undefined {
  const field = headers.get('ratelimit')
  const counters = rules?.counters === undefined ? COMMON_COUNTERS : [...rules.counters, ...COMMON_COUNTERS]
  // A reset alone is read only from a throttle: looking up a header costs time, and most replies are fine.
  const has = (name: string) => headers.get(name) !== null
  const speaking = counters.filter(({ remaining, reset }) => has(remaining) || (status === 429 && reset.some(has)))
  if ((field === null && speaking.length === 0) || Number.parseFloat(headers.get('age') ?? '') > 0) return undefined
  const now = serverTime(headers)
  return worst([
    ...(field === null ? [] : readRateLimit(field, headers.get('ratelimit-policy'))),
    ...speaking.map((counter) => countOf(headers, counter, now)),
  ])
}

/** True if no header shows what is left, as in most replies. It makes no object. */
function isSilent(headers: Headers, rules: RateLimitRules | undefined): boolean {
  if (headers.get('ratelimit') !== null) return false
  for (const { remaining } of COMMON_COUNTERS) if (headers.get(remaining) !== null) return false
  for (const { remaining } of rules?.counters ?? []) if (headers.get(remaining) !== null) return false
  return true
}

/** True if nothing is left of a quota. */
export const isUsedUp = (quota: Quota | undefined): boolean => quota?.remaining === 0

function countOf(headers: Headers, { remaining, reset, limit = '' }: CounterHeaders, now: number): Quota {
  const value = reset.map((name) => headers.get(name)).find((given) => given !== null) ?? null
  return {
    remaining: least(headers.get(remaining)),
    resetAfter: value === null || value.length > LONGEST ? undefined : resetAfter(value, now),
    limit: limit === '' ? undefined : least(headers.get(limit)),
  }
}

/** The least of the numbers in a header, to which a proxy may have added one: `100, 100;w=60` as well as `42`. */
function least(text: string | null): number | undefined {
  if (text === null || text.length > LONGEST) return undefined
  const numbers = text.split(',').map((item) => /^\s*(\d{1,15})(?:\.\d{1,9})?\s*(?:;[^,]*)?$/.exec(item)?.[1])
  return numbers.includes(undefined) ? undefined : Math.min(...numbers.map(Number))
}

function worst(quotas: readonly Quota[]): Quota | undefined {
  return quotas
    .filter(({ remaining, resetAfter: ms }) => remaining !== undefined || ms !== undefined)
    .reduce<Quota | undefined>((one, other) => (one === undefined || isWorse(other, one) ? other : one), undefined)
}

function isWorse(one: Quota, other: Quota): boolean {
  if (isUsedUp(one) && isUsedUp(other)) return (one.resetAfter ?? 0) > (other.resetAfter ?? 0)
  return (one.remaining ?? Number.POSITIVE_INFINITY) < (other.remaining ?? Number.POSITIVE_INFINITY)
}

/**
 * The headers with which many APIs count.
 *
 * - `RateLimit-…`: the IETF's draft up to its sixth version, draft-ietf-httpapi-ratelimit-headers-06, with seconds; GitLab
 *   (docs.gitlab.com, "User and IP rate limits") with seconds since the epoch.
 * - `X-RateLimit-…`: GitHub (docs.github.com, "Rate limits for the REST API"), seconds since the epoch; many others with
 *   seconds or milliseconds since the epoch. Discord (discord.com/developers, "Rate Limits") also says the seconds alone.
 * - `X-Rate-Limit-…`: X (docs.x.com, "Rate limits"), seconds since the epoch.
 */
const COMMON_COUNTERS: readonly CounterHeaders[] = [
  { remaining: 'ratelimit-remaining', reset: ['ratelimit-reset'], limit: 'ratelimit-limit' },
  {
    remaining: 'x-ratelimit-remaining',
    reset: ['x-ratelimit-reset-after', 'x-ratelimit-reset'],
    limit: 'x-ratelimit-limit',
  },
  { remaining: 'x-rate-limit-remaining', reset: ['x-rate-limit-reset'], limit: 'x-rate-limit-limit' },
]
