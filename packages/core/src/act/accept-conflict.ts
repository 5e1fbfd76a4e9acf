import { type FailedAttempt, releaseReply } from '../call/attempt-result.ts'
import type { CallFailure, CallResult } from '../call/call-result.ts'
import type { Destination } from '../call/destination.ts'
import { toError } from '../call/shown/to-error.ts'
import { rememberAccepted } from './accepted.ts'

/**
 * Ends a call with a success in place of a conflict: the vendor's own success reply, or 204.
 *
 * @param failure the failure that the call would have ended with.
 * @throws the cause of the conflict, or a `TypeError`, if no reply came.
 */
export function acceptConflict(
  failed: FailedAttempt,
  { vendor, target }: Pick<Destination, 'vendor' | 'target'>,
  failure: CallFailure,
): CallResult {
  const { cause, reading } = failed
  if (reading === undefined) throw cause ?? new TypeError('There is no reply to accept.')
  const written = vendor?.success?.(target)
  const response =
    written === undefined
      ? new Response(null, { status: 204, statusText: 'No Content' })
      : new Response(written.body, { headers: { 'content-type': written.contentType } })
  rememberAccepted(response, () => toError(failure, failure.buffered()))
  // The vendor's reply is kept with the part of its body that was read, and holds no socket.
  releaseReply(failed)
  return { type: 'reply', response }
}
