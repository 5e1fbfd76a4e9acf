import type { CounterHeaders } from '../../contract/rate-limit/rules.ts'

/**
 * The headers with which many APIs count.
 *
 * - `RateLimit-…`: the IETF's draft up to its sixth version, draft-ietf-httpapi-ratelimit-headers-06, with seconds; GitLab
 *   (docs.gitlab.com, "User and IP rate limits") with seconds since the epoch.
 * - `X-RateLimit-…`: GitHub (docs.github.com, "Rate limits for the REST API"), seconds since the epoch; many others with
 *   seconds or milliseconds since the epoch. Discord (discord.com/developers, "Rate Limits") also says the seconds alone.
 * - `X-Rate-Limit-…`: X (docs.x.com, "Rate limits"), seconds since the epoch.
 */
export const COMMON_COUNTERS: readonly CounterHeaders[] = [
  { remaining: 'ratelimit-remaining', reset: ['ratelimit-reset'], limit: 'ratelimit-limit' },
  {
    remaining: 'x-ratelimit-remaining',
    reset: ['x-ratelimit-reset-after', 'x-ratelimit-reset'],
    limit: 'x-ratelimit-limit',
  },
  { remaining: 'x-rate-limit-remaining', reset: ['x-rate-limit-reset'], limit: 'x-rate-limit-limit' },
]
