import { type FailedAttempt, releaseReply } from '../call/attempt-result.ts'
import type { CallFailure, CallResult } from '../call/call-result.ts'
import type { Destination } from '../call/destination.ts'
import { toError } from '../call/shown/to-error.ts'
import type { VendorError } from '../error/vendor-error.ts'

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
  accepted.set(response, () => toError(failure, failure.buffered()))
  // The vendor's reply is kept with the part of its body that was read, and holds no socket.
  releaseReply(failed)
  return { type: 'reply', response }
}

/** The functions that make the errors of the conflicts, by reply, so that `acceptedOf` brings no error class into a bundle. */
const accepted = new WeakMap<object, () => VendorError>()

/**
 * The conflict that was accepted in place of a reply, by `acceptAchieved` or `onConflict`: its `response` is what the vendor
 * replied. `undefined` for every other reply.
 *
 * @example
 * const reply = await client(`${vm}/power?action=start`, { method: 'POST', resilience: { acceptAchieved: true } })
 * if (acceptedOf(reply)) console.log('It ran already.')
 */
export function acceptedOf(reply: Response): VendorError | undefined {
  return accepted.get(reply)?.()
}
