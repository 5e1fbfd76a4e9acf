import { type FailedAttempt, releaseReply } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import { toError } from '../call/shown/to-error.ts'
import { rememberAccepted } from './accepted.ts'
import { makeFailure } from './end-call.ts'

/**
 * Ends a call with a success in place of a conflict: a reply that is `ok`, as the vendor writes one, or 204.
 *
 * @throws the cause of the conflict, or a `TypeError`, where no reply came.
 */
export function acceptConflict(call: Call, failed: FailedAttempt): CallResult {
  const { cause, reading } = failed
  if (reading === undefined) throw cause ?? new TypeError('There is no reply to accept.')
  const { vendor, target } = call.destination
  const written = vendor?.success?.(target)
  const response =
    written === undefined
      ? new Response(null, { status: 204, statusText: 'No Content' })
      : new Response(written.body, { headers: { 'content-type': written.contentType } })
  const failure = makeFailure(call, failed, 'conflict')
  rememberAccepted(response, () => toError(failure, failure.buffered()))
  // The vendor's reply is kept as far as it was read, and holds no socket.
  releaseReply(failed)
  return { type: 'reply', response }
}
