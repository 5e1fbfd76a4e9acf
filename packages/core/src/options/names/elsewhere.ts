const KYS = 'is an option of `resilientKy` alone'
const BASE = `${KYS}: a client is called with whole URLs.`
const ERRORS = 'is `errors` here: what an error means decides.'

/** Names that other libraries have for what is here, or is not. */
const OF_OTHERS = {
  retries: 'is `retry` here.',
  maxRetries: 'is `retry` here.',
  retryDelay: 'is `retry: { backoff }` here.',
  retryCondition: ERRORS,
  shouldRetry: ERRORS,
  onRetry: 'is `observers` here.',
  baseUrl: BASE,
  baseURL: BASE,
  prefix: BASE,
  prefixUrl: BASE,
  hooks: `${KYS}.`,
  fetch: 'is the first argument of `resilient`.',
}

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
