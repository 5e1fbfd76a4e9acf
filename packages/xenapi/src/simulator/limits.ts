import { headersTooLarge, internalError, methodNotImplemented } from './page.ts'

/** Bytes of a request's head, request line included, above which the server stops reading. */
const headLimit = 1024

/** Bytes of an RPC's body above which the server does not read it. */
const bodyLimit = 300 * 1024

const known = new Set(['GET', 'PUT', 'POST', 'OPTIONS', 'CONNECT'])

/** The page for a request that the HTTP server refuses because of its head. */
export function refuseHead(request: Request): Response | undefined {
  if (headBytes(request) > headLimit) return headersTooLarge()
  return known.has(request.method) ? undefined : methodNotImplemented(request.method.toLowerCase())
}

/** The page for a body that the server does not read: one in chunks, or one that is too long. */
export function refuseBody(request: Request, body: string): Response | undefined {
  if (isChunked(request)) return internalError('Failure("We require a content-length: HTTP header")')
  return Buffer.byteLength(body) > bodyLimit ? internalError('Http_svr.Client_requested_size_over_limit') : undefined
}

/** True if a body came in chunks; never if MSW intercepts `fetch`, because requests do not show it there. */
export const isChunked = ({ headers }: Request) => headers.has('transfer-encoding')

function headBytes({ method, url, headers }: Request): number {
  const { pathname, search, host } = new URL(url)
  const lines = [`${method} ${pathname}${search} HTTP/1.1`, ...[...headers].map(([name, value]) => `${name}: ${value}`)]
  if (!headers.has('host')) lines.push(`host: ${host}`)
  return Buffer.byteLength(`${lines.join('\r\n')}\r\n\r\n`)
}
