import type { IncomingMessage } from 'node:http'

/** Characters of a target that servers take, as most are set. */
const LONGEST = 8_192
/** Methods that no `Request` can have. */
const FORBIDDEN = /^(?:CONNECT|TRACE|TRACK)$/i

/** Path and query that a request asks for, or the status of a request that handlers cannot be shown. */
export function targetOf({ method = 'GET', url = '/' }: IncomingMessage): string | number {
  if (FORBIDDEN.test(method)) return 501
  if (url.length > LONGEST) return 414
  if (url.startsWith('/')) return url
  // Of the server as a whole, which has nothing to say of itself.
  if (url === '*') return method === 'OPTIONS' ? 204 : 400
  // A server takes the form that is meant for proxies, too (RFC 9112, 3.2.2).
  const absolute = /^https?:\/\//i.test(url) ? URL.parse(url) : null
  return absolute === null ? 400 : absolute.pathname + absolute.search
}
