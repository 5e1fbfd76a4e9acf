import type { RequestFacts } from '../contract/request.ts'
import { plainPath } from '../secrets/plain-path.ts'

const SLASH = 0x2f
const ORIGINS_KEPT = 1_000
const origins = new Map<string, string>()
// Most calls go to the same origin as the last one; comparing prefixes is cheaper than cutting one off and hashing it.
let lastBeginning = '\n'
let lastOrigin = ''
// Often it is the very same string, which is recognized without comparing characters.
let lastUrl = '\n'
let lastRead = { url: '\n', path: '', query: '' }

/** The facts that a vendor gets about a request; paths and queries are parsed only on demand. */
export function factsOf(input: string | Request, init: RequestInit | undefined, body: HasBodyText): RequestFacts {
  const request = typeof input === 'string' ? undefined : input
  const url = typeof input === 'string' ? input : input.url
  const method: unknown = init?.method ?? request?.method
  return new Facts(method === undefined ? 'GET' : String(method).toUpperCase(), url, originOf(url), body)
}

/** Facts of the same request at another address. */
export function factsAt(url: string, method: string, body: HasBodyText): RequestFacts {
  return new Facts(method, url, originOf(url), body)
}

/** The holder of a request's body, which has its text once that is known. */
export type HasBodyText = Pick<RequestFacts, 'bodyText'>

/** Only getters: a hook that writes to one gets an error that names the member, and changes no request. */
class Facts implements RequestFacts {
  readonly #method: string
  readonly #url: string
  readonly #origin: string
  readonly #body: HasBodyText
  #parts: Pick<RequestFacts, 'path' | 'query'> | undefined

  constructor(method: string, url: string, origin: string, body: HasBodyText) {
    this.#method = method
    this.#url = url
    this.#origin = origin
    this.#body = body
  }

  get method(): string {
    return this.#method
  }

  get url(): string {
    return this.#url
  }

  get origin(): string {
    return this.#origin
  }

  get bodyText(): string | undefined {
    return this.#body.bodyText
  }

  get path(): string {
    return this.#read().path
  }

  get query(): string {
    return this.#read().query
  }

  #read(): Pick<RequestFacts, 'path' | 'query'> {
    // A vendor reads it several times in a call, and parsing is expensive.
    this.#parts ??= this.#url === lastRead.url ? lastRead : partsOf(this.#url, this.#origin)
    return this.#parts
  }
}

function partsOf(url: string, origin: string): Pick<RequestFacts, 'path' | 'query'> {
  const plain = plainPath(url, origin)
  const parsed = plain === undefined ? URL.parse(url, origin === '' ? undefined : origin) : null
  lastRead = { url, path: plain ?? parsed?.pathname ?? url, query: parsed?.search.slice(1) ?? '' }
  return lastRead
}

/** Scheme, host and port of a URL, parsed once for each prefix; empty if it has none. */
function originOf(url: string): string {
  if (url === lastUrl) return lastOrigin
  if (url.startsWith(lastBeginning) && url.charCodeAt(lastBeginning.length) === SLASH) {
    lastUrl = url
    return lastOrigin
  }
  const start = url.indexOf('://')
  const end = start < 0 ? -1 : url.indexOf('/', start + 3)
  // The first slash after `://` is never before the end of the authority, so both have the same origin.
  const beginning = end < 0 ? url : url.slice(0, end)
  const known = origins.get(beginning)
  const origin = known ?? URL.parse(beginning)?.origin
  // A prefix that is no URL by itself (`https:///…`) says nothing about the origin of other URLs with it.
  if (origin === undefined) return URL.parse(url, globalThis.location?.href)?.origin ?? ''
  if (start <= 0 || end < 0) return origin
  if (known === undefined && origins.size >= ORIGINS_KEPT) origins.clear()
  origins.set(beginning, origin)
  // Mostly the same text. The parsed one is no slice of another string, which would be slower to compare.
  lastBeginning = beginning === origin ? origin : beginning
  lastOrigin = origin
  lastUrl = url
  return origin
}
