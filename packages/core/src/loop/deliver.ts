import { hasBody, readerOf, withBody } from '../attempt/replayed-response.ts'
import type { Call } from '../call/call.ts'
import { isRequest } from '../request/is-request.ts'

/** The reply as fetch gave it; through a body of ours only where the caller's signal or an idle limit still has to act. */
export function deliver(call: Call, response: Response): Response {
  const { policy, signal, attemptDeadline: deadline } = call
  const idle = policy.bodyTimeout || undefined
  const watched = deadline !== undefined && signal != null && mustHold(call)
  if ((!watched && idle === undefined) || !hasBody(response) || response.body === null) {
    deadline?.release()
    return response
  }
  return withBody(response, { rest: readerOf(response.body), idle, onEnd: () => deadline?.release() })
}

/**
 * False if fetch itself hears the caller's signal, as it does without a time limit. That of a `Request` is heard no more
 * once nobody holds the `Request`.
 */
const mustHold = ({ attemptTimeout, request }: Call): boolean =>
  attemptTimeout < Number.POSITIVE_INFINITY || isRequest(request.given[0])
