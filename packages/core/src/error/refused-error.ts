import type { RefusalReason } from '../contract/decision.ts'
import { mark, REFUSED_ERROR } from './marker.ts'
import type { NamedRequest } from './request-line.ts'

/** Makes the names of the request when they are read: an outage brings thousands of refusals. */
type ShowRequest = () => Pick<NamedRequest, 'operation' | 'label'>

/**
 * The error of a call that ended without a request: its circuit is open, its key is paused or takes no more, the queue is full,
 * or the client is closed. When many calls are refused at once, only a few of these errors have a stack.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly reason: RefusalReason
  /** Milliseconds after which to try again; `undefined` for a closed client, which never sends a request again. */
  readonly retryAfter: number | undefined
  /** `vendor origin scope`. */
  readonly key: string
  readonly #request: ShowRequest | undefined

  constructor(reason: RefusalReason, retryAfter: number | undefined, key: string, request?: ShowRequest) {
    const again = retryAfter === undefined ? '' : ` Try again in ${spelt(retryAfter)}.`
    super(`Not sent: ${REFUSALS[reason]} (${key}).${again}`)
    this.reason = reason
    this.retryAfter = wholeMs(retryAfter)
    this.key = key
    this.#request = request
  }

  /** The vendor's name for the request, as in a `VendorError`; `undefined` if it is not known. */
  get operation(): string | undefined {
    return this.#request?.().operation
  }

  /** The caller's own name for the call, from its option `label`. */
  get label(): string | undefined {
    return this.#request?.().label
  }

  /** All members but the stack, for a log or another process; `fromJSON` turns them into an error again. */
  toJSON(): RefusedErrorJson {
    const { message, operation, label } = this
    return { ...this, message, operation, label }
  }
}

/** A time as errors show it: in whole milliseconds, rounded up. */
export const wholeMs = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.ceil(ms))

const spelt = (ms: number): string => (ms < 10_000 ? `${Math.ceil(ms)} ms` : `${Math.ceil(ms / 1_000)} s`)

/** A {@link RefusedError} as `toJSON` returns it. */
export type RefusedErrorJson = Omit<RefusedError, 'toJSON' | 'stack' | 'cause'>

// On the prototype: there are thousands of these a second, and defining a property costs as much as the error.
mark(RefusedError.prototype, REFUSED_ERROR)

const REFUSALS: Record<RefusalReason, string> = {
  'circuit-open': 'the circuit is open',
  paused: 'the service asked to be left alone for longer than this call waits',
  limited: 'the service, or `concurrency`, takes no further request as soon as this call needs it',
  budget: 'the retry budget is spent',
  'queue-full': 'too many calls wait for their turn',
  closed: 'the client was closed',
}

/** Milliseconds between two refusals with a stack. */
const STACK_GAP = 10

let stackAt = Number.NEGATIVE_INFINITY

/**
 * True for the first refusal in some milliseconds: it gets a stack, which costs several times as much as the rest of the error.
 *
 * @param now monotonic milliseconds.
 */
export function takesStack(now: number): boolean {
  // Mock timers can also set the clock back.
  if (Math.abs(now - stackAt) < STACK_GAP) return false
  stackAt = now
  return true
}

/** Makes a refusal without a stack, its most expensive part: an outage brings many thousand of them. */
export function refusedError(
  reason: RefusalReason,
  retryAfter: number | undefined,
  key: string,
  request: ShowRequest | undefined,
): RefusedError {
  const limit = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = 0
  } catch {
    // `Error` may be frozen: then the stack is made.
    return new RefusedError(reason, retryAfter, key, request)
  }
  try {
    return new RefusedError(reason, retryAfter, key, request)
  } finally {
    Error.stackTraceLimit = limit
  }
}
