import type { RedirectRefusal } from '../contract/attempt-outcome.ts'
import { isCredentialHeader } from '../secrets/credentials-in-headers.ts'
import { discard, isDoubtful, takenReply } from './reply.ts'

/** Redirects that are followed: as many as fetch itself follows. */
const REDIRECT_LIMIT = 20
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const BODY_HEADERS = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']

/** One request, as redirects may change it. */
export interface Hop {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  /** `null` once the body has been dropped; `undefined` for the body as it was. */
  readonly body: null | undefined
}

/** The credential of a request at another origin: none, one that may be sent there, or one that must not. */
export type CredentialThere = 'none' | 'may' | 'mustNot'

/** A request whose redirects the engine follows. */
export interface RedirectPlan {
  readonly first: Hop
  /**
   * The credential that the request would carry from one address to another, with or without its body. Absent if it carries
   * none. Called once for each redirect, because it may search the body.
   */
  credentialAt?(to: URL, from: URL, keepsBody: boolean): CredentialThere
  /** Reads the body, if `credentialAt` has to search it for credentials. */
  readBody?(): Promise<void>
  /** True if the body can be sent a second time. @throws the error of making it again. */
  canResend(): boolean | Promise<boolean>
  /** Called if the runtime hides where a redirect leads. */
  onHidden?(): void
}

/** The rules for following redirects. */
export interface Following extends RedirectPlan {
  send(hop: Hop): Promise<Response>
  /** Stops the redirects between two requests: a `fetch` may ignore its signal. */
  readonly signal: AbortSignal | null | undefined
  /** Called with the reason why a redirect is not followed, and the error behind it; then its reply is returned. */
  onRefused(why: RedirectRefusal, cause?: unknown): void
  /** Called when the request has been answered or may have been done; the replies after that say nothing about it. */
  onAnswered(): void
}

/** True for a reply that is a redirect, or that fetch got by following one. */
export const isRedirect = (response: Response): boolean =>
  response.type === 'opaqueredirect' || response.redirected || locationOf(response) !== null

/** True for a reply that came by a redirect from another origin than the request's. */
export const isElsewhere = ({ redirected, url }: Response, { origin }: { readonly origin: string }): boolean =>
  redirected && URL.parse(url)?.origin !== origin

/** Follows redirects by fetch's rules, but sends a credential only to trusted hosts. */
export async function followRedirects(following: Following, answer: Response): Promise<Response> {
  const { first, send, onAnswered, signal } = following
  let hop = first
  let response = answer
  try {
    for (let hops = 0; ; hops++) {
      const hides = response.type === 'opaqueredirect'
      const location = locationOf(response)
      // A fetch may also follow redirects by itself, against the request's `redirect`.
      const isAnswered = hides || response.redirected || (location !== null && becomesGet(hop, response.status))
      if (isAnswered || isDoubtful(response)) onAnswered()
      if (location === null && !hides) return hops === 0 ? response : markRedirected(response)
      await following.readBody?.()
      const next =
        location === null ? hidden(following) : await nextHop(following, hop, response.status, location, hops)
      if ('why' in next) {
        following.onRefused(next.why, next.cause)
        return response
      }
      discard(response)
      signal?.throwIfAborted()
      hop = next
      response = takenReply(await send(hop))
    }
  } catch (thrown) {
    // After an exception, for instance in a vendor's hook, the reply must not hold its socket.
    discard(response)
    throw thrown
  }
}

const locationOf = ({ status, headers }: Response): string | null =>
  REDIRECTS.has(status) ? headers.get('location') : null

/** The reason why a redirect is not followed, with the error that caused it. */
interface Refused {
  readonly why: RedirectRefusal
  readonly cause?: unknown
}

function hidden({ onHidden }: Following): Refused {
  onHidden?.()
  return { why: 'REDIRECT_HIDDEN' }
}

/** The next request, or the reason why there is none. */
async function nextHop(
  { credentialAt, canResend }: Following,
  hop: Hop,
  status: number,
  location: string,
  hops: number,
): Promise<Hop | Refused> {
  const from = new URL(hop.url)
  const to = URL.parse(location, from)
  // fetch takes no such address.
  if (to === null || to.username !== '' || to.password !== '') return { why: 'REDIRECT_REFUSED' }
  if (hops === REDIRECT_LIMIT) return { why: 'REDIRECT_LIMIT' }
  const asGet = becomesGet(hop, status)
  const body = asGet ? null : hop.body
  const credential = to.origin === from.origin ? 'may' : (credentialAt?.(to, from, body === undefined) ?? 'none')
  if (credential === 'mustNot' || !/^https?:$/.test(to.protocol)) return { why: 'REDIRECT_UNTRUSTED' }
  try {
    if (body === undefined && !(await canResend())) return { why: 'REDIRECT_BODY_NOT_REPLAYABLE' }
  } catch (cause) {
    return { why: 'OPTION_FAILED', cause }
  }
  const headers = new Headers(hop.headers)
  if (asGet) for (const name of BODY_HEADERS) headers.delete(name)
  if (to.origin !== from.origin) stripCredentials(headers, credential === 'may')
  return { url: to.href, method: asGet ? 'GET' : hop.method, headers, body }
}

/** True if fetch follows a redirect with a GET, which means that the request itself has been answered. */
const becomesGet = ({ method }: Hop, status: number): boolean =>
  (status === 303 && method !== 'GET' && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST')

// The Fetch standard drops only Authorization; Node.js drops these, too. A trusted host may get a session header.
function stripCredentials(headers: Headers, isTrusted: boolean): void {
  for (const name of ['authorization', 'proxy-authorization', 'host']) headers.delete(name)
  if (isTrusted) return
  for (const [name, value] of [...headers]) if (isCredentialHeader(name, value)) headers.delete(name)
}

function markRedirected(response: Response): Response {
  const clone = response.clone.bind(response)
  return Object.defineProperties(response, {
    redirected: { value: true, configurable: true },
    clone: { value: () => markRedirected(clone()), configurable: true },
  })
}
