import type { Reply, RequestFacts } from '@holdfast/core/plugin'

export const project = 'b942cc8342734d15bcb246babb1953cf'

/** The facts of a request to a service that does not exist. */
export function requestTo(target: string, method = 'GET', body?: unknown): RequestFacts {
  const { href, origin, pathname, search } = new URL(target, 'https://vbs.example')
  const bodyText = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return { method, url: href, origin, path: pathname, query: search.slice(1), bodyText }
}

/** A reply as the engine hands it to a vendor. */
export function replyOf(
  status: number,
  text: string,
  request: RequestFacts = requestTo(`/v2/${project}/backuppolicy`),
  complete = true,
): Reply {
  return { status, headers: new Headers(), text, complete, request }
}
