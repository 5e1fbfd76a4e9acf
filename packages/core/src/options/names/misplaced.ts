import { OptionsError } from '../../error/options-error.ts'
import { callOptionNames, optionNames } from '../options.ts'
import { OF_NO_CALL } from './elsewhere.ts'

/** Names of options that `fetch` has as well. */
const OF_FETCH: ReadonlySet<string> = new Set(['mode', 'priority'])

const QUERY = 'would be ignored: write the query into the URL.'

/** Names of other clients' options without which a request would lose its body or its query, or mean something else. */
const OF_OTHERS: Readonly<Record<string, string>> = Object.freeze({
  json: 'would send no body: give `body: JSON.stringify(…)`.',
  data: 'would send no body: give `body`.',
  form: 'would send no body: give `body: new URLSearchParams(…)`.',
  searchParams: QUERY,
  params: QUERY,
  query: QUERY,
  body: 'would be sent as "[object Object]": give `JSON.stringify(…)`.',
  throwHttpErrors: 'would be ignored: call `client.fetch`, which returns every reply.',
})

const misplaced: ReadonlySet<string> = new Set([
  ...optionNames.filter((name) => !OF_FETCH.has(name)),
  ...Object.keys(OF_OTHERS),
])

/**
 * The rejection of a call whose init has a member that `fetch` would ignore, which its caller cannot have intended. Libraries
 * pass on members of their own, so they get `client.fetch`, which ignores them.
 */
export function rejectionOf(init: object | null | undefined): Promise<never> | undefined {
  for (const name in init) {
    // A `Request` may be used as an init, and has a method `json`.
    if (misplaced.has(name) && Object.hasOwn(init, name) && isMistaken(name, init[name as keyof typeof init]))
      return Promise.reject(errorOf(name))
  }
  return undefined
}

const isMistaken = (name: string, value: unknown): boolean =>
  name === 'body' ? isSentAsObject(value) : value !== undefined

/** True for a plain object or a list which `fetch` would send as the text that every object has. Some read an iterable one. */
const isSentAsObject = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  (Array.isArray(body) || Object.getPrototypeOf(body) === Object.prototype) &&
  !(Symbol.asyncIterator in body) &&
  String(body).includes('[object Object]')

const errorOf = (name: string): OptionsError =>
  new OptionsError(
    name,
    `${OF_OTHERS[name] ?? placeOf(name)} A library that passes it on is to be given \`client.fetch\`.`,
  )

/** The end of the message that says where a misplaced option belongs. */
export const placeOf = (name: string): string =>
  callOptionNames.includes(name) ? `is not read in an init: give \`resilience: { ${name} }\`.` : OF_NO_CALL
