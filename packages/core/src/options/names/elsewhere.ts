const KYS = 'is an option of `resilientKy` alone'
const BASE = `${KYS}: a client is called with whole URLs.`
const ERRORS = 'is `errors` here: what an error means decides.'
const CURVES = 'is `retry: { backoff }` here.'
const BACKOFF = 'is `backoff` here, such as `{ fast: { base: 500, limit: 20_000 } }`.'
const LIMIT = 'is `limit` here.'

/** Names that other libraries have for what is here, or is not. */
const OF_OTHERS = {
  retries: 'is `retry` here.',
  maxRetries: 'is `retry` here.',
  retryDelay: CURVES,
  retryCondition: ERRORS,
  shouldRetry: ERRORS,
  onRetry: 'is `observers` here.',
  minTimeout: CURVES,
  maxTimeout: CURVES,
  throwHttpErrors: 'is `client.fetch` here, which returns every reply.',
  baseUrl: BASE,
  baseURL: BASE,
  prefix: BASE,
  prefixUrl: BASE,
  hooks: `${KYS}.`,
  fetch: 'is the first argument of `resilient`.',
}

/** Names that other libraries have for the members of `retry`, or for what stands beside it here. */
export const OF_RETRY: Readonly<Record<string, string>> = Object.freeze({
  retries: LIMIT,
  maxRetries: LIMIT,
  methods: 'is `idempotent` here, an option beside `retry`.',
  statusCodes: ERRORS,
  errorCodes: ERRORS,
  shouldRetry: ERRORS,
  maxRetryAfter: 'is `maxWait` here, an option beside `retry`: a longer wait ends the call.',
  delay: BACKOFF,
  backoffLimit: BACKOFF,
  minTimeout: BACKOFF,
  maxTimeout: BACKOFF,
  factor: BACKOFF,
})

/** Names that opossum has for the members of `breaker`. */
export const OF_BREAKER: Readonly<Record<string, string>> = Object.freeze({
  errorThresholdPercentage: 'is `failureRate` here: 50 % is 0.5.',
  resetTimeout: 'is `openTime` here.',
  volumeThreshold: 'is `minimum` here.',
  rollingCountTimeout: 'is `window` here.',
})

/** Names of an init. */
const OF_INIT = ['headers', 'dispatcher', 'signal'] as const

const ofInit = (problem: string) => Object.fromEntries(OF_INIT.map((name) => [name, problem]))

/** Advice on names that are no options of a client. */
export const OF_CLIENTS: Readonly<Record<string, string>> = Object.freeze({
  ...OF_OTHERS,
  ...ofInit('is a member of `init` here.'),
})

/** The end of a sentence about an option of a client that stands with a call. */
export const OF_NO_CALL = 'is an option of a client, and of no call.'

/** Advice on names that are no options of a call. */
export const ofCalls = (clientOptions: readonly string[]): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(clientOptions.map((name) => [name, OF_NO_CALL])),
  ...OF_OTHERS,
  ...ofInit('stands beside `resilience`, in the init of the request.'),
})
