import type { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import { emitCallEnded } from '../call/shown/events.ts'
import { systemClock } from '../contract/clock.ts'
import { redactThrown } from '../error/redact-cause.ts'
import { Redactor } from '../secrets/redact.ts'

/**
 * Ends a call.
 *
 * @param endedAt monotonic milliseconds, if the clock has just been read.
 */
export function end(call: Call, ended: CallResult, endedAt?: number): void {
  let result = ended
  try {
    // A login's rejection goes to the call that waits for it, which knows more secrets. Of an abort a caller knows his own
    // reason by its identity, as with fetch.
    if (ended.type === 'raw' && !call.isInternal && ended.thrown !== call.signal?.reason)
      result = { type: 'raw', thrown: redactThrown(ended.thrown, new Redactor(call.secrets())) }
    call.request.dispose()
    if (call.hasObservers) emitCallEnded(call, result, (endedAt ?? systemClock.now()) - call.startedAt)
  } catch (thrown) {
    result = { type: 'raw', thrown }
  }
  call.keeper?.end(result.type === 'refused' ? withRequest(call, result) : result)
  // A refusal still needs its request, and a reply may still be aborted.
  if (result.type !== 'failure' && result.type !== 'raw') return
  call.request.forget()
  call.forgetAttempt()
}

/**
 * A refusal that can name its request: on demand, because an outage brings thousands of refusals. A refusal that is kept must not
 * keep a body.
 */
function withRequest(call: Call, refused: Extract<CallResult, { type: 'refused' }>): CallResult {
  if (!call.request.hasBody) return { ...refused, shownRequest: () => call.shown.request }
  // A request with a longer body is named without searching the body.
  call.request.forgetBody(LONGEST_SEARCHED)
  try {
    const { request } = call.shown
    return { ...refused, shownRequest: () => request }
  } catch {
    // An exception in a vendor's hook must not keep the call from ending.
    return refused
  }
}

/** Bytes, or characters. */
const LONGEST_SEARCHED = 16_384
