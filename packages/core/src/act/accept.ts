import { type FailedAttempt, releaseReply } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import type { CallFailure, CallResult } from '../call/call-result.ts'
import { toError } from '../call/to-error.ts'
import type { VendorError } from '../error/vendor-error.ts'
import { makeFailure } from './end-call.ts'

const accepted = new WeakMap<object, CallFailure>()

/**
 * The conflict that was accepted in place of a reply, by `acceptAchieved` or `onConflict`: its `response` is what the vendor
 * replied. `undefined` for every other reply.
 *
 * @example
 * const reply = await client(`${vm}/power?action=start`, { method: 'POST', resilience: { acceptAchieved: true } })
 * if (acceptedOf(reply)) console.log('It ran already.')
 */
export function acceptedOf(reply: Response): VendorError | undefined {
  const failure = accepted.get(reply)
  return failure && toError(failure, failure.buffered())
}

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
  accepted.set(response, makeFailure(call, failed, 'conflict'))
  // The vendor's reply is kept as far as it was read, and holds no socket.
  releaseReply(failed)
  return { type: 'reply', response }
}
