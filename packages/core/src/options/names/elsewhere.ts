import { advice } from './advice.ts'
import { all } from './of-retries.ts'

const QUERY = 'would be ignored: write the query into the URL.'

/** Advice on members of `retry` and `breaker`. */
export const { ofRetry: OF_RETRY, ofBreaker: OF_BREAKER } = advice

/** Members of an init. */
const ofInit = (problem: string) => all(problem, 'headers', 'dispatcher', 'signal', 'redirect', 'cache')

/** Advice on names that are no options of a client. */
export const OF_CLIENTS: Readonly<Record<string, string>> = Object.freeze({
  ...advice.ofOthers,
  ...ofInit('is a member of `init` here.'),
  resilience: 'is for one call: its members are options of a client themselves.',
  credentials: 'is up to the `vendor`, or as `fetch` has it a member of `init`.',
})

/** Names of other clients' options without which a request would lose its body or its query, or mean something else. */
export const IGNORED: Readonly<Record<string, string>> = Object.freeze({
  ...all(QUERY, 'searchParams', 'params', 'query'),
  header: 'would be ignored: give `headers`.',
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
  ...advice.ofOthers,
  ...ofInit('stands beside `resilience`, in the init of the request.'),
})
