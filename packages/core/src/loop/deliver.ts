import { hasBody, readerOf, withBody } from '../attempt/replayed-response.ts'
import type { Call } from '../call/call.ts'
import { isRequest } from '../request/is-request.ts'

/** The reply of fetch; with a body of the engine's only if the caller's signal or an idle limit must still act on it. */
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
 * False if fetch itself has the caller's signal, as it has without a time limit. The signal of a `Request` works only until the
 * `Request` is collected.
 */
const mustHold = ({ attemptTimeout, request }: Call): boolean =>
  attemptTimeout < Number.POSITIVE_INFINITY || isRequest(request.given[0])
