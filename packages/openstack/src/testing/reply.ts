import type { Reply, RequestFacts } from '@holdfast/core/plugin'

/** Makes the facts of a request, as the engine hands them to a vendor. */
export function requestFacts(url: string | URL, method = 'GET', body?: unknown): RequestFacts {
  const { href, origin, pathname, search } = new URL(url)
  const bodyText = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return { method, url: href, origin, path: pathname, query: search.slice(1), bodyText }
}

/** Makes a reply, as the engine hands it to a vendor. */
export const replyTo = (
  request: RequestFacts,
  status: number,
  text: string,
  {
    headers,
    complete = true,
  }: { readonly headers?: RequestInit['headers'] | undefined; readonly complete?: boolean } = {},
): Reply => ({ status, headers: new Headers(headers), text, complete, request })
