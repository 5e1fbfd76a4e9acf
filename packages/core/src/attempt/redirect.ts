import type { RedirectRefusal } from '../contract/outcome.ts'

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

/** How to follow redirects with a credential in hand. */
export interface Following {
  readonly first: Hop
  send(hop: Hop): Promise<Response>
  /** Whether the credential may be shown at this address, coming from that one. */
  trusts(to: URL, from: URL): boolean
  /** Whether the body can be sent a second time. */
  canResend(): boolean | Promise<boolean>
  /** Told why a redirect is not followed; the reply that asked for it is returned. */
  refuse(why: RedirectRefusal): void
}

/** Follows redirects by fetch's rules, but shows the credential to no host that is not trusted. */
export async function follow({ first, send, trusts, canResend, refuse }: Following): Promise<Response> {
  let hop = first
  for (let hops = 0; ; hops++) {
    const response = await send(hop)
    const stop = (why: RedirectRefusal) => {
      refuse(why)
      return response
    }
    if (response.type === 'opaqueredirect') return stop('REDIRECT_HIDDEN')
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null
    const to = location === null ? null : URL.parse(location, hop.url)
    if (to === null) return hops === 0 ? response : markRedirected(response)
    const from = new URL(hop.url)
    if (hops === REDIRECT_LIMIT) return stop('REDIRECT_LIMIT')
    if (to.origin !== from.origin && !trusts(to, from)) return stop('REDIRECT_UNTRUSTED')
    const next = nextHop(hop, response.status, to, from)
    if (next.body === undefined && !(await canResend())) return stop('REDIRECT_BODY_ONCE')
    void response.body?.cancel().catch(() => {})
    hop = next
  }
}

function nextHop(hop: Hop, status: number, to: URL, from: URL): Hop {
  const becomesGet =
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST')
  const headers = new Headers(hop.headers)
  if (becomesGet) for (const name of BODY_HEADERS) headers.delete(name)
  if (to.origin !== from.origin) headers.delete('authorization')
  return {
    url: to.href,
    method: becomesGet ? 'GET' : hop.method,
    headers,
    body: becomesGet ? null : hop.body,
  }
}

const markRedirected = (response: Response): Response =>
  Object.defineProperty(response, 'redirected', { value: true, configurable: true })
