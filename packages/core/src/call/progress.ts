import type { Permit } from '../admit/permit.ts'
import type { Deadline } from '../attempt/deadline.ts'
import type { Changes } from '../contract/request.ts'
import type { Session } from '../contract/session.ts'
import type { IdempotencyKey } from '../request/made/idempotency-key.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'
import type { CallKeeper } from './call-result.ts'
import { CallHistory, NO_HISTORY } from './history.ts'
import type { RunningCall } from './lifecycle.ts'
import type { Signed } from './shown/secrets.ts'

/** The progress of a call: the attempt under way, and the history before it. */
export abstract class CallProgress {
  abstract readonly request: Pick<ReplayableRequest, 'headers'>
  /** The permit of the attempt under way or about to begin; absent while there is none. */
  permit: Permit | undefined
  /** True from when the attempt under way is given to `fetch` until its end is recorded. */
  hasLeft = false
  /** The session of the attempt under way. */
  session: Session | undefined
  /** Monotonic milliseconds at which the last attempt began. */
  attemptStartedAt = 0
  /** The last attempt that was signed. */
  signed: Signed | undefined
  /** The headers of the next attempt, into which it is signed. */
  headers: Headers | undefined
  /** The idempotency key of the request, for all of its attempts. */
  idempotencyKey: IdempotencyKey | undefined
  /** The headers of the attempt under way, if the caller's options have added some. */
  prepared: Headers | undefined
  /** Sends the attempt under way with a hedge. */
  hedge: ((changes: Changes) => Promise<Response>) | undefined
  /** True if both sendings of a hedged attempt failed, in different ways: the outcome of one is not that of the other. */
  isDoubtful = false
  /** The deadline of the last attempt. */
  attemptDeadline: Deadline | undefined
  /** The receiver of its result; absent for a call that is not sent, such as one for `explain`. */
  keeper: CallKeeper | undefined
  /** Its neighbours in the list of running calls. */
  before: RunningCall | undefined
  after: RunningCall | undefined
  /** True once it was ended from outside. Whatever happens to it after that is ignored. */
  isTerminated = false
  attempt = 0
  history = NO_HISTORY

  /** True if the next attempt has headers before it is signed. */
  get hasHeaders(): boolean {
    return (this.headers ?? this.prepared ?? this.request.headers) !== undefined
  }

  /** The headers of the next attempt, a copy of the caller's, into which a vendor may write. */
  get outgoingHeaders(): Headers {
    this.headers ??= new Headers(this.prepared ?? this.request.headers)
    return this.headers
  }

  /** Gives it a history of its own, which can be written to. */
  keepHistory(): void {
    if (this.history === NO_HISTORY) this.history = new CallHistory()
  }

  /** Drops the references to what the last attempt has sent. */
  forgetAttempt(): void {
    this.signed = undefined
    this.headers = undefined
    this.prepared = undefined
    this.hedge = undefined
  }

  /** Keeps secrets of an attempt for as long as the call lasts. */
  addSecrets(secrets: readonly string[]): void {
    if (secrets.length === 0) return
    this.keepHistory()
    this.history.formerSecrets = [...new Set([...this.history.formerSecrets, ...secrets])]
  }
}
