import type { CounterHeaders, RateLimitRules } from './rules.ts'

/**
 * GitHub's rate limits: docs.github.com, "Rate limits for the REST API" and "Rate limits and query limits for the GraphQL
 * API".
 *
 * Both limits are told by 403 or 429. The primary one sends `x-ratelimit-remaining: 0` and the time of its reset; the
 * secondary one a message, and perhaps `retry-after`, and is to be left alone for a minute otherwise. Search, code search
 * and GraphQL are counted by themselves.
 */
export const githubLimits: RateLimitRules = {
  throttles: [
    { status: 403, header: { name: 'x-ratelimit-remaining', value: '0' } },
    { status: 403, includes: ['secondary rate limit'], wait: 60_000 },
    { status: 429, wait: 60_000 },
  ],
  scopes: {
    '/search': 'search',
    '/search/code': 'code-search',
    '/graphql': 'graphql',
    // GitHub Enterprise Server.
    '/api/v3/search': 'search',
    '/api/v3/search/code': 'code-search',
    '/api/graphql': 'graphql',
  },
}

/**
 * Stripe's: docs.stripe.com, "Rate limits" and "Advanced error handling". The header `Stripe-Should-Retry` says whether the
 * same request may succeed later; Stripe's own libraries obey it.
 */
export const stripeLimits: RateLimitRules = { shouldRetry: 'stripe-should-retry' }

/**
 * OpenAI's: platform.openai.com, "Rate limits" and "Error codes". Requests and tokens are counted each by themselves, with
 * the reset as a duration. A 429 with the code `insufficient_quota` is no throttle: the account's credit is spent.
 */
export const openaiLimits: RateLimitRules = {
  counters: ['requests', 'tokens'].map((what) => ({
    remaining: `x-ratelimit-remaining-${what}`,
    reset: [`x-ratelimit-reset-${what}`],
    limit: `x-ratelimit-limit-${what}`,
  })),
  throttles: [{ status: 429, includes: ['insufficient_quota'], isFinal: true }],
}

/**
 * Anthropic's: docs.anthropic.com, "Rate limits". Requests, input and output tokens are counted each by themselves, with the
 * reset as a date of RFC 3339.
 */
export const anthropicLimits: RateLimitRules = {
  counters: ['requests', 'tokens', 'input-tokens', 'output-tokens'].map(
    (what): CounterHeaders => ({
      remaining: `anthropic-ratelimit-${what}-remaining`,
      reset: [`anthropic-ratelimit-${what}-reset`],
      limit: `anthropic-ratelimit-${what}-limit`,
    }),
  ),
}

/**
 * AWS: docs.aws.amazon.com, "Retry behavior" of the SDKs, and `THROTTLING_ERROR_CODES` of aws/aws-sdk-js-v3. The status of a
 * throttle is 400, or 503 at EC2 and S3; its code is in the body (`__type` in JSON, `Code` in XML) or in `x-amzn-errortype`.
 */
export const awsLimits: RateLimitRules = {
  throttles: /* @__PURE__ */ [
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
  ].flatMap((code) => {
    const includes = [`"__type":"${code}"`, `#${code}"`, `<Code>${code}</Code>`]
    const header = { name: 'x-amzn-errortype', value: code }
    return [
      { status: 400, includes },
      { status: 400, header },
      { status: 503, includes },
    ]
  }),
}

/**
 * Google's: developers.google.com, "Resolve errors" of Drive, Calendar and others, and google/rpc/error_details.proto. A throttle
 * may come with 403 and a reason; `RetryInfo` says how long to wait. What is of a day, or is a quota, is fatal.
 */
export const googleLimits: RateLimitRules = {
  throttles: [
    {
      status: 403,
      includes: [
        '"reason": "rateLimitExceeded"',
        '"reason":"rateLimitExceeded"',
        '"reason": "userRateLimitExceeded"',
        '"reason":"userRateLimitExceeded"',
      ],
    },
    {
      status: 403,
      includes: [
        '"reason": "dailyLimitExceeded"',
        '"reason":"dailyLimitExceeded"',
        '"reason": "quotaExceeded"',
        '"reason":"quotaExceeded"',
      ],
      isFinal: true,
    },
  ],
  wait: { member: 'error.details.retryDelay', unit: 's' },
}

/**
 * Salesforce's: developer.salesforce.com, "Status Codes and Error Responses" of the REST API, and "API Request Limits and
 * Allocations". Both limits are told by 403 and one code: that on long requests at once passes, that on requests in 24 hours does not.
 */
export const salesforceLimits: RateLimitRules = {
  throttles: [
    { status: 403, includes: ['ConcurrentRequests (Concurrent API Requests) Limit exceeded'] },
    { status: 403, includes: ['"errorCode":"REQUEST_LIMIT_EXCEEDED"'], isFinal: true },
  ],
}
