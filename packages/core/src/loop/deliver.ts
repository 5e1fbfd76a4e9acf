import { hasBody, withBody } from '../attempt/replayed-response.ts'
import type { Call } from '../call/call.ts'

/** The reply as fetch gave it; through a body of ours only where the caller's signal or an idle limit still has to act. */
export function deliver({ policy, signal, attemptDeadline: deadline }: Call, response: Response): Response {
  const idle = policy.bodyTimeout || undefined
  const watched = deadline !== undefined && signal != null
  if ((!watched && idle === undefined) || !hasBody(response) || response.body === null) {
    deadline?.release()
    return response
  }
  return withBody(response, { rest: response.body.getReader(), idle, onEnd: () => deadline?.release() })
}
