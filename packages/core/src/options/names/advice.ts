import { all, OF_RETRIES } from './of-retries.ts'

const KYS = 'is an option of `resilientKy` alone'
const BASE = `${KYS}: a client is called with whole URLs.`
const ERRORS = 'is `errors` here: what an error means decides.'
const BACKOFF = 'is `backoff` here, such as `{ fast: { base: 500, limit: 20_000 } }`.'
const LIMIT = 'is `limit` here, the number after the first attempt.'
const JITTER = 'is `jitter` here.'
const OBSERVERS = 'is `observers` here.'
const EVERY_REPLY = 'is `client.fetch` here, which returns every reply.'
const REDIRECT = 'is `init: { redirect }` here.'
const SENDER = 'is up to the `fetch` that sends: see `init: { dispatcher }`.'
const VENDORS = 'is up to the `vendor`, such as `vsphere` or `bearer`.'
const REQUESTS = 'belongs to a request.'
const RATE = 'is `failureRate` here: 50 % is 0.5.'

/** Names in other libraries of options that exist here by another name, or do not exist. */
const ofOthers = {
  ...OF_RETRIES,
  ...all(EVERY_REPLY, 'throwHttpErrors', 'validateStatus'),
  ...all(BASE, 'baseUrl', 'baseURL', 'prefix', 'prefixUrl'),
  ...all(`${KYS}.`, 'hooks', 'searchParams'),
  ...all(REDIRECT, 'followRedirect', 'maxRedirects'),
  ...all(SENDER, 'agent', 'httpAgent', 'httpsAgent', 'https', 'http2', 'proxy', 'ca', 'rejectUnauthorized'),
  ...all(SENDER, 'connectTimeout', 'headersTimeout'),
  ...all(VENDORS, 'username', 'password', 'auth', 'token', 'apiKey'),
  ...all(REQUESTS, 'url', 'method', 'body', 'json', 'query', 'params'),
  ...all('is `concurrency` here.', 'bulkhead', 'maxConcurrent', 'maxSockets'),
  ...all(OBSERVERS, 'log', 'logger'),
  ...all('is a member of `rateLimit` here.', 'counters', 'throttles'),
  name: 'is a member of a vendor, which is given as `vendor`.',
  fetch: 'is the first argument of `resilient`.',
}

/** Names in other libraries of members of `retry`, and of options beside it. */
const ofRetry = {
  ...all(LIMIT, 'retries', 'maxRetries', 'attempts', 'maxAttempts'),
  ...all(ERRORS, 'statusCodes', 'afterStatusCodes', 'errorCodes', 'shouldRetry', 'retryOnTimeout'),
  ...all(BACKOFF, 'delay', 'initialDelay', 'maxDelay', 'calculateDelay', 'backoffLimit', 'minTimeout', 'maxTimeout'),
  ...all(BACKOFF, 'factor', 'base'),
  ...all(JITTER, 'noise', 'randomize'),
  ...all('is `observers` here, an option beside `retry`.', 'onRetry', 'onFailedAttempt'),
  ...all('is an option beside `retry`.', 'timeout', 'totalTimeout', 'maxWait'),
  methods: 'is `idempotent` here, an option beside `retry`.',
  maxRetryAfter: 'is `maxWait` here, an option beside `retry`: a longer wait ends the call.',
}

/** Names that opossum and cockatiel have for the members of `breaker`. */
const ofBreaker = {
  ...all(RATE, 'errorThresholdPercentage', 'threshold'),
  ...all('is `openTime` here.', 'resetTimeout', 'halfOpenAfter'),
  timeout: 'is an option beside `breaker`.',
  volumeThreshold: 'is `minimum` here.',
  rollingCountTimeout: 'is `window` here.',
}

type Advice = Readonly<Record<string, string>>

/**
 * Advice on names that other libraries have for our options. The build puts it with the texts of catalogues: a bundle for a browser
 * has none of it.
 */
export const advice: { readonly [About in 'ofOthers' | 'ofRetry' | 'ofBreaker']?: Advice } = {
  ofOthers,
  ofRetry,
  ofBreaker,
}
