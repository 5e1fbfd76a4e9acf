import { endClosed } from '../act/end-call.ts'
import { discard } from '../attempt/reply.ts'
import type { Call } from '../call/call.ts'
import type { CallFailure, CallKeeper, CallResult } from '../call/call-result.ts'
import { emitCallEnded } from '../call/shown/events.ts'
import { toError } from '../call/shown/to-error.ts'
import { systemClock } from '../contract/clock.ts'
import { RefusedError, refusedError, takesStack } from '../error/refused-error.ts'

const nothing = () => {}
const settled = Promise.resolve()

/** The promise that a caller is given. */
export class CallPromise<T> implements CallKeeper {
  readonly promise: Promise<T>
  resolve: (value: T | Promise<T>) => void = nothing
  reject: (thrown: unknown) => void = nothing
  /** Set once there is one. */
  call: Call | undefined
  readonly #tell: (result: CallResult, promised: CallPromise<T>) => void

  /** @param tell settles it with what a result is to the caller. An error is rejected with, for throwing it costs as much as making it. */
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
    // Nobody takes what comes after the end: it must not hold its socket.
    if (call.isTerminated) return result.type === 'reply' ? discard(result.response) : undefined
    if (!call.isInternal) call.engine.lifecycle.remove(call)
    if (result.type === 'raw' && call.signal?.aborted) call.request.cancelUnsent(result.thrown)
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
   * Rejects it with a value that is passed on as it is, or with a refusal once its caller has it. Of one that is rejected
   * before, Node.js makes an unhandled rejection, and takes that back when it is listened to: twice what making the error
   * costs.
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
   * Rejects it with an error that is made where V8 can see who waits for it, and so adds his line to its stack: in an
   * asynchronous function that has waited, and that nobody but this promise waits for.
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

/** The end of a call that is ended from outside, told. An exception in a vendor's hook is the end of this call, and of no other's. */
function terminationOf(call: Call, thrown: { readonly reason: unknown } | undefined): CallResult {
  let result: CallResult | undefined = thrown && { type: 'raw', thrown: thrown.reason }
  try {
    result ??= endClosed(call)
    if (call.hasObservers) emitCallEnded(call, result, systemClock.now() - call.startedAt)
  } catch (mistake) {
    result ??= { type: 'raw', thrown: mistake }
  }
  return result
}

async function failing(makeError: () => unknown): Promise<void> {
  await settled
  // A function that hands its caller this promise has him wait for it only now.
  await settled
  throw makeError()
}
