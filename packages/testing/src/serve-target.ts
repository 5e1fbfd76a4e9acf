import type { IncomingMessage } from 'node:http'

/** Most characters of a target that servers accept by default. */
const LONGEST = 8_192
/** Methods that no `Request` can have. */
const FORBIDDEN = /^(?:CONNECT|TRACE|TRACK)$/i

/** Path and query of a request, or the status for a request that cannot be given to handlers. */
export function targetOf({ method = 'GET', url = '/' }: IncomingMessage): string | number {
  if (FORBIDDEN.test(method)) return 501
  if (url.length > LONGEST) return 414
  if (url.startsWith('/')) return url
  // `OPTIONS *` is about the server as a whole, for which there is no handler.
  if (url === '*') return method === 'OPTIONS' ? 204 : 400
  // A server accepts the absolute form, which is meant for proxies, too (RFC 9112, 3.2.2).
  const absolute = /^https?:\/\//i.test(url) ? URL.parse(url) : null
  return absolute === null ? 400 : absolute.pathname + absolute.search
}
