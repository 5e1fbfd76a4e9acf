import { OptionsError } from '../error/options-error.ts'
import { suggestion } from '../options/check.ts'
import { placeOf } from '../options/names/misplaced.ts'
import { OF_RETRIES } from '../options/names/of-retries.ts'
import { callOptionNames, optionNames } from '../options/options.ts'

const OF_KY = [
  'json',
  'parseJson',
  'stringifyJson',
  'searchParams',
  'baseUrl',
  'prefix',
  'hooks',
  'throwHttpErrors',
  'onDownloadProgress',
  'onUploadProgress',
  'fetch',
  'context',
]

const OF_FETCH = [
  'method',
  'headers',
  'body',
  'mode',
  'credentials',
  'cache',
  'redirect',
  'referrer',
  'referrerPolicy',
  'integrity',
  'keepalive',
  'signal',
  'window',
  'duplex',
  'dispatcher',
  'priority',
  // An option of Cloudflare's `fetch` that is near to the name `fetch`.
  'fetcher',
]

const others = [...OF_KY, ...OF_FETCH, 'resilience']
const ofClients = [...optionNames, ...others]
const ofCalls = [...callOptionNames, ...others]
const known: ReadonlySet<string> = new Set(ofCalls)
const clients: ReadonlySet<string> = new Set(optionNames)

/** Fewest characters: shorter names are near to too many others, such as `unix` of Bun's `fetch` to `init`. */
const SHORTEST = 5

/** @throws {OptionsError} for a name among a client's options that is a misspelt known one. */
export function checkClientNames(names: readonly string[]): void {
  for (const name of names) checkNear(name, ofClients)
}

/** @throws {OptionsError} for a name among a call's options that is a misspelt known one, or belongs to a client. */
export function checkCallNames(options: Readonly<Record<string, unknown>>): void {
  for (const name in options) {
    if (known.has(name) || options[name] === undefined) continue
    if (clients.has(name)) throw new OptionsError(name, placeOf(name))
    checkNear(name, ofCalls)
  }
}

/** Checks only for names near to known ones: a runtime's `fetch` may have further options. */
function checkNear(name: string, names: readonly string[]): void {
  if (name.length < SHORTEST || names.includes(name)) return
  if (Object.hasOwn(OF_RETRIES, name)) throw new OptionsError(name, String(OF_RETRIES[name]))
  const near = suggestion(name, names)
  if (near !== '') throw new OptionsError(name, `is not known.${near}`)
}
