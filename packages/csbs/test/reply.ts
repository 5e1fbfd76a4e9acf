import type { Reply, RequestFacts } from '@holdfast/core/plugin'

export const project = '/v1/b942cc8342734d15bcb246babb1953cf'
export const provider = `${project}/providers/fc4d5750-22e7-4798-8a46-f48f62c4c1da`

/** The facts of a request to a service that does not exist. */
export function requestTo(target: string, method = 'GET', body?: unknown): RequestFacts {
  const { href, origin, pathname, search } = new URL(target, 'https://csbs.example')
  const bodyText = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return { method, url: href, origin, path: pathname, query: search.slice(1), bodyText }
}

/** A reply as the engine hands it to a vendor. */
export function replyOf(
  status: number,
  text: string,
  request: RequestFacts = requestTo(`${project}/policies`),
  complete = true,
): Reply {
  return { status, headers: new Headers(), text, complete, request }
}
