import type { RedirectRefusal } from '../contract/attempt-outcome.ts'
import { isCredentialName } from '../error/credentials.ts'

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
  /** True where its credential may be shown at this address, coming from that one; `undefined` where it carries none. */
  mayShareCredential?(to: URL, from: URL): boolean | undefined
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

/** Follows redirects by fetch's rules, but shows a credential to no host that is not trusted. */
export async function followRedirects(following: Following): Promise<Response> {
  const { first, send, onAnswered, signal } = following
  let hop = first
  for (let hops = 0; ; hops++) {
    const response = await send(hop)
    const hides = response.type === 'opaqueredirect'
    // A fetch may also follow by itself, whatever it is told.
    if (hides || response.redirected) onAnswered()
    const to = locationOf(response, hop)
    if (to === null && !hides) return hops === 0 ? response : markRedirected(response)
    await following.readBody?.()
    const next = to === null ? undefined : nextHop(hop, response.status, to, following)
    if (next !== undefined && next.method !== hop.method) onAnswered()
    const why = await refusalOf(following, hop, next, hops)
    if (next === undefined || why !== undefined) {
      following.onRefused(why ?? 'REDIRECT_HIDDEN')
      return response
    }
    void response.body?.cancel().catch(() => {})
    signal?.throwIfAborted()
    hop = next
  }
}

function locationOf({ status, headers }: Response, { url }: Hop): URL | null {
  const location = REDIRECTS.has(status) ? headers.get('location') : null
  return location === null ? null : URL.parse(location, url)
}

/** The reason not to follow a redirect; `undefined` where it is followed. */
async function refusalOf(
  { mayShareCredential, canResend, onHidden }: Following,
  hop: Hop,
  next: Hop | undefined,
  hops: number,
): Promise<RedirectRefusal | undefined> {
  if (next === undefined) {
    onHidden?.()
    return 'REDIRECT_HIDDEN'
  }
  if (hops === REDIRECT_LIMIT) return 'REDIRECT_LIMIT'
  const [to, from] = [new URL(next.url), new URL(hop.url)]
  if (to.origin !== from.origin && mayShareCredential?.(to, from) === false) return 'REDIRECT_UNTRUSTED'
  if (!/^https?:$/.test(to.protocol)) return 'REDIRECT_UNTRUSTED'
  return next.body === undefined && !(await canResend()) ? 'REDIRECT_BODY_ONCE' : undefined
}

function nextHop(hop: Hop, status: number, to: URL, { mayShareCredential }: Following): Hop {
  const becomesGet =
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST')
  const headers = new Headers(hop.headers)
  if (becomesGet) for (const name of BODY_HEADERS) headers.delete(name)
  const from = new URL(hop.url)
  if (to.origin !== from.origin) stripCredentials(headers, mayShareCredential?.(to, from) !== undefined)
  return {
    url: to.href,
    method: becomesGet ? 'GET' : hop.method,
    headers,
    body: becomesGet ? null : hop.body,
  }
}

// The Fetch standard names Authorization alone; Node.js drops these, too. A trusted host may know a session by its header.
function stripCredentials(headers: Headers, isTrusted: boolean): void {
  for (const name of ['authorization', 'proxy-authorization', 'host']) headers.delete(name)
  if (!isTrusted) for (const name of [...headers.keys()].filter(isCredentialName)) headers.delete(name)
}

const markRedirected = (response: Response): Response =>
  Object.defineProperty(response, 'redirected', { value: true, configurable: true })
