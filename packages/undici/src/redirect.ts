import { isBadPort } from './bad-ports.ts'
import type { Hop } from './plan.ts'

/** Statuses of redirects. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Most redirects: as many as `fetch` follows. */
export const REDIRECT_LIMIT = 20

const OF_BODY = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']

/** Headers that are not sent to another origin. The standard names the first; Node's `fetch` drops the others as well. */
const OF_ORIGIN = ['authorization', 'proxy-authorization', 'cookie']

/** True for the status of a redirect. */
export const isRedirect = (status: number): boolean => REDIRECTS.has(status)

/**
 * The next request after a redirect, by the Fetch standard (HTTP-redirect fetch), or the reason why there is none. The reasons have
 * undici's wording, because only that distinguishes them from other failures.
 */
export function nextHop(hop: Hop, status: number, location: string, redirects: number): Hop | Error {
  const url = locationOf(location, hop.url)
  if (url instanceof Error) return url
  if (!/^https?:$/.test(url.protocol)) return new Error('URL scheme must be a HTTP(S) scheme')
  if (redirects === REDIRECT_LIMIT) return new Error('redirect count exceeded')
  if (url.username !== '' || url.password !== '') return new Error('cross origin not allowed for request mode "cors"')
  if (status !== 303 && hop.body?.isOnce)
    return new Error('a redirect asks for the body once more, which was a stream and has left')
  if (isBadPort(url.port)) return new Error('bad port')
  const headers = new Map(hop.headers)
  const asGet = becomesGet(hop.method, status)
  if (asGet) for (const name of OF_BODY) headers.delete(name)
  if (url.origin !== hop.url.origin) for (const name of OF_ORIGIN) headers.delete(name)
  return { url, method: asGet ? 'GET' : hop.method, headers, body: asGet ? null : hop.body }
}

const becomesGet = (method: string, status: number): boolean =>
  status === 303 ? method !== 'GET' && method !== 'HEAD' : (status === 301 || status === 302) && method === 'POST'

function locationOf(location: string, from: URL): URL | Error {
  try {
    // Headers are decoded as Latin-1, but servers write UTF-8.
    const text = /[^\x20-\x7e]/.test(location) ? Buffer.from(location, 'latin1').toString() : location
    const url = new URL(text, from)
    if (url.hash === '') url.hash = from.hash
    return url
  } catch (error) {
    return error as Error
  }
}
