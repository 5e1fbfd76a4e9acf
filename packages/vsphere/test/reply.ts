import type { Reply, RequestFacts } from '@holdfast/core/plugin'

/** The facts of a request to a vCenter that does not exist. */
export function requestTo(target: string, method = 'GET', bodyText?: string): RequestFacts {
  const { href, origin, pathname, search } = new URL(target, 'https://vc.example')
  return { method, url: href, origin, path: pathname, query: search.slice(1), bodyText }
}

/** A reply as the engine hands it to a vendor. */
export function replyOf(
  status: number,
  text: string,
  { request = requestTo('/api/vcenter/vm'), complete = true } = {},
): Reply {
  return { status, headers: new Headers(), text, complete, request }
}
