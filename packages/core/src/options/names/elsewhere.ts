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
const REQUESTS = 'belongs to a request.'
const QUERY = 'would be ignored: write the query into the URL.'
const RATE = 'is `failureRate` here: 50 % is 0.5.'

/** Names with the same advice. */
const all = (advice: string, ...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, advice]))

/** Names in other libraries of retries and the like. */
export const OF_RETRIES: Readonly<Record<string, string>> = Object.freeze({
  ...all(RETRY, 'retries', 'maxRetries', 'attempts', 'maxAttempts'),
  ...all(CURVES, 'retryDelay', 'minTimeout', 'maxTimeout', 'maxRetryDelay', 'initialDelay', 'maxDelay', 'backoff'),
  ...all(ERRORS, 'retryCondition', 'retryOn', 'shouldRetry', 'statusCodes', 'retryStatusCodes'),
  ...all('is a member of `retry` here.', 'jitter', 'limit'),
  ...all(OBSERVERS, 'onRetry', 'onMaxRetryTimesExceeded', 'onFailedAttempt'),
  ...all('is `totalTimeout` here.', 'maxRetryTime', 'deadline'),
  methods: 'is `idempotent` here.',
  maxRetryAfter: 'is `maxWait` here: a longer wait ends the call.',
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
export const OF_RETRY: Readonly<Record<string, string>> = Object.freeze({
  ...all(LIMIT, 'retries', 'maxRetries', 'attempts', 'maxAttempts'),
  ...all(ERRORS, 'statusCodes', 'afterStatusCodes', 'errorCodes', 'shouldRetry', 'retryOnTimeout'),
  ...all(BACKOFF, 'delay', 'initialDelay', 'maxDelay', 'calculateDelay', 'backoffLimit', 'minTimeout', 'maxTimeout'),
  ...all(BACKOFF, 'factor', 'base'),
  ...all(JITTER, 'noise', 'randomize'),
  ...all('is `observers` here, an option beside `retry`.', 'onRetry', 'onFailedAttempt'),
  ...all('is an option beside `retry`.', 'timeout', 'totalTimeout', 'maxWait'),
  methods: 'is `idempotent` here, an option beside `retry`.',
  maxRetryAfter: 'is `maxWait` here, an option beside `retry`: a longer wait ends the call.',
})

/** Names that opossum and cockatiel have for the members of `breaker`. */
export const OF_BREAKER: Readonly<Record<string, string>> = Object.freeze({
  ...all(RATE, 'errorThresholdPercentage', 'threshold'),
  ...all('is `openTime` here.', 'resetTimeout', 'halfOpenAfter'),
  timeout: 'is an option beside `breaker`.',
  volumeThreshold: 'is `minimum` here.',
  rollingCountTimeout: 'is `window` here.',
})

/** Members of an init. */
const ofInit = (problem: string) => all(problem, 'headers', 'dispatcher', 'signal', 'redirect', 'cache')

/** Advice on names that are no options of a client. */
export const OF_CLIENTS: Readonly<Record<string, string>> = Object.freeze({
  ...OF_OTHERS,
  ...ofInit('is a member of `init` here.'),
  credentials: 'is up to the `vendor`, or as `fetch` has it a member of `init`.',
})

/** Names of other clients' options without which a request would lose its body or its query, or mean something else. */
export const IGNORED: Readonly<Record<string, string>> = Object.freeze({
  ...all(QUERY, 'searchParams', 'params', 'query'),
  json: 'would send no body: give `body: JSON.stringify(…)`.',
  data: 'would send no body: give `body`.',
  form: 'would send no body: give `body: new URLSearchParams(…)`.',
  throwHttpErrors: 'would be ignored: call `client.fetch`, which returns every reply.',
})

/** Names of options that `fetch` has as well. */
const OF_FETCH: ReadonlySet<string> = new Set(['mode', 'priority'])

/** Names in an init that `fetch` would ignore, which its caller cannot have intended. */
export const ignoredIn = (optionNames: readonly string[], problem: string): Readonly<Record<string, string>> => ({
  ...all(problem, ...optionNames.filter((name) => !OF_FETCH.has(name))),
  ...IGNORED,
})

/** The end of the message about an option of a client that was given to a call. */
export const OF_NO_CALL = 'is an option of a client, and of no call.'

/** Advice on names that are no options of a call. */
export const ofCalls = (clientOptions: readonly string[]): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(clientOptions.map((name) => [name, OF_NO_CALL])),
  ...OF_OTHERS,
  ...ofInit('stands beside `resilience`, in the init of the request.'),
})
