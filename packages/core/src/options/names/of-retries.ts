const ERRORS = 'is `errors` here: what an error means decides.'
const RETRY = 'is `retry` here.'
const CURVES = 'is `retry: { backoff }` here.'
const OBSERVERS = 'is `observers` here.'

/** Names with the same advice. */
export const all = (advice: string, ...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, advice]))

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
