import { endClosed } from '../act/fail-call.ts'
import { discard } from '../attempt/reply.ts'
import type { Call } from '../call/call.ts'
import type { CallFailure, CallKeeper, CallResult } from '../call/call-result.ts'
import { emitAttemptEnded, emitCallEnded } from '../call/shown/events.ts'
import { rememberSecrets, toError } from '../call/shown/to-error.ts'
import { systemClock } from '../contract/clock.ts'
import { redactThrown } from '../error/redact-cause.ts'
import { RefusedError, refusedError, takesStack } from '../error/refused-error.ts'
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

const nothing = () => {}
const settled = Promise.resolve()

/** The promise that a caller gets. */
export class CallPromise<T> implements CallKeeper {
  readonly promise: Promise<T>
  resolve: (value: T | Promise<T>) => void = nothing
  reject: (thrown: unknown) => void = nothing
  /** Absent until it is made. */
  call: Call | undefined
  readonly #tell: (result: CallResult, promised: CallPromise<T>) => void

  /** @param tell settles it with the caller's form of the result. It rejects and does not throw: throwing costs as much as the error. */
  constructor(tell: (result: CallResult, promised: CallPromise<T>) => void) {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    this.#tell = tell
  }

  end(result: CallResult): void {
    const { call } = this
    if (call === undefined) return
    // A reply after the end must not hold its socket.
    if (call.isTerminated) return result.type === 'reply' ? discard(result.response) : undefined
    if (!call.isInternal) call.engine.lifecycle.remove(call)
    if (result.type === 'raw' && call.signal?.aborted) call.request.cancelUnsent(result.thrown)
    if (result.type === 'reply' && call.isWithin) rememberSecrets(result.response, () => call.secrets())
    this.settle(result)
  }

  terminate(thrown?: { readonly reason: unknown }): void {
    const { call } = this
    if (call === undefined || call.isTerminated) return
    // First of all: an observer that is told of it may end the client once more.
    call.engine.lifecycle.remove(call)
    call.keepHistory()
    if (thrown !== undefined) call.request.cancelUnsent(thrown.reason)
    call.request.dispose()
    const result = terminationOf(call, thrown)
    call.isTerminated = true
    this.settle(result)
    call.attemptDeadline?.giveUp(thrown === undefined ? call.closing.reason : thrown.reason)
  }

  /** Rejects it with the error of a failure. */
  fail(failure: CallFailure, response?: Response): void {
    this.#rejectWith(() => toError(failure, response))
  }

  /**
   * Rejects it with a value that is passed on as it is, or with a refusal, a microtask later. If it were rejected before its caller
   * has it, Node.js would register an unhandled rejection and revoke that, which costs twice as much as making the error.
   */
  withoutReply(result: Extract<CallResult, { type: 'refused' | 'raw' }>): void {
    if (result.type === 'raw') return this.reject(result.thrown)
    const { reason, retryAfter, key, shownRequest } = result
    if (takesStack(systemClock.now()))
      return this.#rejectWith(() => new RefusedError(reason, retryAfter, key, shownRequest))
    const refused = refusedError(reason, retryAfter, key, shownRequest)
    void settled.then(() => this.reject(refused))
  }

  /**
   * Rejects it with an error whose stack shows the caller. V8 adds the lines of those who wait for an asynchronous function, if
   * the error is made in that function after it has waited, and only this promise waits for it.
   */
  #rejectWith(makeError: () => unknown): void {
    void failing(makeError).then(this.resolve as () => void, this.reject)
  }

  /** Settles it with a result. */
  settle(result: CallResult): void {
    try {
      this.#tell(result, this)
    } catch (thrown) {
      this.reject(thrown)
    }
  }
}

/** The result of a call that is ended from outside, after its event. An exception in a vendor's hook ends this call only. */
function terminationOf(call: Call, thrown: { readonly reason: unknown } | undefined): CallResult {
  let result: CallResult | undefined = thrown && { type: 'raw', thrown: thrown.reason }
  try {
    const ms = systemClock.now() - call.attemptStartedAt
    if (call.hasObservers && call.hasLeft) emitAttemptEnded(call, { type: 'aborted' }, ms)
    result ??= endClosed(call)
    if (call.hasObservers) emitCallEnded(call, result, systemClock.now() - call.startedAt)
  } catch (mistake) {
    result ??= { type: 'raw', thrown: mistake }
  }
  return result
}

async function failing(makeError: () => unknown): Promise<void> {
  await settled
  // An asynchronous function that returns this promise waits for it only from the next microtask on.
  await settled
  throw makeError()
}
