import { OptionsError } from '../../error/options-error.ts'
import { callOptionNames, optionNames } from '../options.ts'
import { IGNORED, ignoredIn, OF_NO_CALL } from './elsewhere.ts'

const BODY = 'would be sent as "[object Object]": give `JSON.stringify(…)`.'

const misplaced: ReadonlySet<string> = new Set([...Object.keys(ignoredIn(optionNames, '')), 'body'])

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

/**
 * True for an object, of a class as well, or a list which `fetch` would send as the text that every object has. Some read an
 * iterable one.
 */
const isSentAsObject = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  (Array.isArray(body) || Object.prototype.toString.call(body) === '[object Object]') &&
  'toString' in body &&
  !(Symbol.asyncIterator in body) &&
  String(body).includes('[object Object]')

const errorOf = (name: string): OptionsError =>
  new OptionsError(
    name,
    `${name === 'body' ? BODY : (IGNORED[name] ?? placeOf(name))} A library that passes it on is to be given \`client.fetch\`.`,
  )

/** The end of the message that says where a misplaced option belongs. */
export const placeOf = (name: string): string =>
  callOptionNames.includes(name) ? `is not read in an init: give \`resilience: { ${name} }\`.` : OF_NO_CALL
