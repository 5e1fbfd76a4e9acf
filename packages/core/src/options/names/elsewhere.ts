const KYS = 'is an option of `resilientKy` alone'
const BASE = `${KYS}: a client is called with whole URLs.`
const ERRORS = 'is `errors` here: what an error means decides.'
const RETRY = 'is `retry` here.'
const CURVES = 'is `retry: { backoff }` here.'
const BACKOFF = 'is `backoff` here, such as `{ fast: { base: 500, limit: 20_000 } }`.'
const LIMIT = 'is `limit` here, the number after the first attempt.'
const JITTER = 'is `jitter` here.'
const OBSERVERS = 'is `observers` here.'
const EVERY_REPLY = 'is `client.fetch` here, which returns every reply.'
const REDIRECT = 'is `init: { redirect }` here.'
const SENDER = 'is up to the `fetch` that sends: see `init: { dispatcher }`.'
const VENDORS = 'is up to the `vendor`, such as `vsphere` or `bearer`.'

/** Names with the same advice. */
const all = (advice: string, ...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, advice]))

/** Names in other libraries of retries and the like. */
export const OF_RETRIES: Readonly<Record<string, string>> = Object.freeze({
  ...all(RETRY, 'retries', 'maxRetries', 'attempts', 'maxAttempts'),
  ...all(CURVES, 'retryDelay', 'minTimeout', 'maxTimeout', 'maxRetryDelay', 'backoff'),
  ...all(ERRORS, 'retryCondition', 'retryOn', 'shouldRetry'),
  ...all('is a member of `retry` here.', 'jitter', 'limit'),
  ...all(OBSERVERS, 'onRetry', 'onMaxRetryTimesExceeded'),
  validateResponse: 'is `classify` here.',
  shouldResetTimeout: 'is not needed: `timeout` is for one attempt.',
  circuitBreaker: 'is `breaker` here.',
})

/** Names in other libraries of options that exist here by another name, or do not exist. */
const OF_OTHERS = {
  ...OF_RETRIES,
  ...all(EVERY_REPLY, 'throwHttpErrors', 'validateStatus'),
  ...all(BASE, 'baseUrl', 'baseURL', 'prefix', 'prefixUrl'),
  ...all(`${KYS}.`, 'hooks', 'searchParams'),
  ...all(REDIRECT, 'followRedirect', 'maxRedirects'),
  ...all(SENDER, 'agent', 'httpAgent', 'httpsAgent', 'https', 'http2', 'proxy'),
  ...all(VENDORS, 'username', 'password', 'auth'),
  fetch: 'is the first argument of `resilient`.',
}

/** Names in other libraries of members of `retry`, and of options beside it. */
export const OF_RETRY: Readonly<Record<string, string>> = Object.freeze({
  ...all(LIMIT, 'retries', 'maxRetries', 'attempts', 'maxAttempts'),
  ...all(ERRORS, 'statusCodes', 'afterStatusCodes', 'errorCodes', 'shouldRetry', 'retryOnTimeout'),
  ...all(BACKOFF, 'delay', 'maxDelay', 'calculateDelay', 'backoffLimit', 'minTimeout', 'maxTimeout', 'factor'),
  ...all(JITTER, 'noise', 'randomize'),
  methods: 'is `idempotent` here, an option beside `retry`.',
  maxRetryAfter: 'is `maxWait` here, an option beside `retry`: a longer wait ends the call.',
})

/** Names that opossum has for the members of `breaker`. */
export const OF_BREAKER: Readonly<Record<string, string>> = Object.freeze({
  errorThresholdPercentage: 'is `failureRate` here: 50 % is 0.5.',
  resetTimeout: 'is `openTime` here.',
  volumeThreshold: 'is `minimum` here.',
  rollingCountTimeout: 'is `window` here.',
})

/** Members of an init. */
const ofInit = (problem: string) => all(problem, 'headers', 'dispatcher', 'signal')

/** Advice on names that are no options of a client. */
export const OF_CLIENTS: Readonly<Record<string, string>> = Object.freeze({
  ...OF_OTHERS,
  ...ofInit('is a member of `init` here.'),
})

/** The end of the message about an option of a client that was given to a call. */
export const OF_NO_CALL = 'is an option of a client, and of no call.'

/** Advice on names that are no options of a call. */
export const ofCalls = (clientOptions: readonly string[]): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(clientOptions.map((name) => [name, OF_NO_CALL])),
  ...OF_OTHERS,
  ...ofInit('stands beside `resilience`, in the init of the request.'),
})
