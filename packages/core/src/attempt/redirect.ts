import type { RedirectRefusal } from '../contract/attempt-outcome.ts'
import { isCredentialName } from '../secrets/credentials.ts'
import { discard, takenReply } from './reply.ts'

/** As many as fetch itself follows. */
const REDIRECT_LIMIT = 20
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const BODY_HEADERS = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']

/** One request as the follower may change it. */
export interface Hop {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  /** `null` once the body has been dropped; `undefined` for the body as it was. */
  readonly body: null | undefined
}

/** A request whose redirects are followed here. */
export interface RedirectPlan {
  readonly first: Hop
  /**
   * True where its credential may be shown at this address, coming from that one; `undefined` where it carries none, or none
   * any more without its body.
   */
  mayShareCredential?(to: URL, from: URL, keepsBody: boolean): boolean | undefined
  /** Has the body at hand, where `mayShareCredential` has to look for credentials in it. */
  readBody?(): Promise<void>
  /** True where the body can be sent a second time. */
  canResend(): boolean | Promise<boolean>
  /** Told that the runtime hides where a redirect leads. */
  onHidden?(): void
}

/** The rules for following redirects. */
export interface Following extends RedirectPlan {
  send(hop: Hop): Promise<Response>
  /** Stops it between two requests: a `fetch` may be deaf to its signal. */
  readonly signal: AbortSignal | null | undefined
  /** Told why a redirect is not followed; the reply that asked for it is returned. */
  onRefused(why: RedirectRefusal): void
  /** Told that the request has been answered, for all that can be known: what comes is only the page that shows it. */
  onAnswered(): void
}

/** True for a reply that is a redirect, or comes from where one led. */
export const isRedirect = (response: Response): boolean =>
  response.type === 'opaqueredirect' || response.redirected || locationOf(response) !== null

/** True for a reply that a redirect has led to at another origin than that which was asked. */
export const isElsewhere = ({ redirected, url }: Response, { origin }: { readonly origin: string }): boolean =>
  redirected && URL.parse(url)?.origin !== origin

/** Follows a redirect, and those after it, by fetch's rules, but shows a credential to no host that is not trusted. */
export async function followRedirects(following: Following, answer: Response): Promise<Response> {
  const { first, send, onAnswered, signal } = following
  let hop = first
  let response = answer
  for (let hops = 0; ; hops++) {
    const hides = response.type === 'opaqueredirect'
    const location = locationOf(response)
    // A fetch may also follow by itself, whatever it is told.
    if (hides || response.redirected || (location !== null && becomesGet(hop, response.status))) onAnswered()
    if (location === null && !hides) return hops === 0 ? response : markRedirected(response)
    await following.readBody?.()
    const next = location === null ? undefined : nextHop(hop, response.status, location, following)
    const why = hides ? hidden(following) : await refusalOf(following, hop, next, hops)
    if (next === undefined || why !== undefined) {
      following.onRefused(why ?? 'REDIRECT_REFUSED')
      return response
    }
    discard(response)
    signal?.throwIfAborted()
    hop = next
    response = takenReply(await send(hop))
  }
}

const locationOf = ({ status, headers }: Response): string | null =>
  REDIRECTS.has(status) ? headers.get('location') : null

function hidden({ onHidden }: Following): RedirectRefusal {
  onHidden?.()
  return 'REDIRECT_HIDDEN'
}

/** The reason not to follow a redirect; `undefined` where it is followed. */
async function refusalOf(
  { mayShareCredential, canResend }: Following,
  hop: Hop,
  next: Hop | undefined,
  hops: number,
): Promise<RedirectRefusal | undefined> {
  if (next === undefined) return 'REDIRECT_REFUSED'
  if (hops === REDIRECT_LIMIT) return 'REDIRECT_LIMIT'
  const [to, from] = [new URL(next.url), new URL(hop.url)]
  const keepsBody = next.body === undefined
  if (to.origin !== from.origin && mayShareCredential?.(to, from, keepsBody) === false) return 'REDIRECT_UNTRUSTED'
  if (!/^https?:$/.test(to.protocol)) return 'REDIRECT_UNTRUSTED'
  return keepsBody && !(await canResend()) ? 'REDIRECT_BODY_ONCE' : undefined
}

/** True where fetch asks for what a redirect names with a GET: the request itself has been answered. */
const becomesGet = ({ method }: Hop, status: number): boolean =>
  (status === 303 && method !== 'GET' && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST')

/** The next request; `undefined` where the address is none that fetch goes to. */
function nextHop(hop: Hop, status: number, location: string, { mayShareCredential }: Following): Hop | undefined {
  const to = URL.parse(location, hop.url)
  if (to === null || to.username !== '' || to.password !== '') return undefined
  const asGet = becomesGet(hop, status)
  const headers = new Headers(hop.headers)
  if (asGet) for (const name of BODY_HEADERS) headers.delete(name)
  const from = new URL(hop.url)
  if (to.origin !== from.origin) stripCredentials(headers, mayShareCredential?.(to, from, !asGet) !== undefined)
  return {
    url: to.href,
    method: asGet ? 'GET' : hop.method,
    headers,
    body: asGet ? null : hop.body,
  }
}

// The Fetch standard names Authorization alone; Node.js drops these, too. A trusted host may know a session by its header.
function stripCredentials(headers: Headers, isTrusted: boolean): void {
  for (const name of ['authorization', 'proxy-authorization', 'host']) headers.delete(name)
  if (!isTrusted) for (const name of [...headers.keys()].filter(isCredentialName)) headers.delete(name)
}

const markRedirected = (response: Response): Response =>
  Object.defineProperty(response, 'redirected', { value: true, configurable: true })
