import type { OutgoingRequest, RequestFacts } from '@holdfast/core/plugin'
import { isRpc, rpcOf } from './requests.ts'
import { readCall, withFirst } from './wire/call.ts'

/**
 * Stands for the session in a request that is written before there is one: as the first parameter of a call, or as
 * `session_id` in the query or the cookie of an import or export. Requests without it are not changed.
 */
export const sessionPlaceholder = 'OpaqueRef:SESSION'

const inQuery = /([?&]session_id=)OpaqueRef(?::|%3A)SESSION(?=[&#]|$)/i
const inCookie = /((?:^|;)\s*session_id=)OpaqueRef(?::|%3A)SESSION(?=\s*(?:;|$))/i

/** True for a request with the placeholder in the place of a session. */
export function hasPlaceholder(request: RequestFacts, headers: Headers): boolean {
  return (
    rpcOf(request)?.first?.text === sessionPlaceholder ||
    inQuery.test(`?${request.query}`) ||
    inCookie.test(headers.get('cookie') ?? '')
  )
}

/** Replaces the placeholder by a session; the rest of the request is not changed. */
export function putSession(request: OutgoingRequest, ref: string): void {
  const { method, headers, bodyText } = request
  const put = (_match: string, before: string) => before + encodeURIComponent(ref)
  request.url = request.url.replace(inQuery, put)
  const cookie = headers.get('cookie')
  if (cookie !== null) headers.set('cookie', cookie.replace(inCookie, put))
  if (bodyText === undefined || !isRpc({ method, path: new URL(request.url).pathname })) return
  const call = readCall(bodyText)
  if (call?.first?.text === sessionPlaceholder) request.body = withFirst(bodyText, call, ref)
}
