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

/** The progress of a call: the attempt under way, and all that has happened before. */
export abstract class CallProgress {
  abstract readonly request: Pick<ReplayableRequest, 'headers'>
  /** The place of the attempt under way, or about to be; absent while there is none. */
  permit: Permit | undefined
  /** True from the moment at which the attempt under way is handed to `fetch` until its end is on record. */
  hasLeft = false
  /** The session that the attempt under way shows. */
  session: Session | undefined
  /** Monotonic milliseconds at which the last attempt began. */
  attemptStartedAt = 0
  /** The last attempt that was signed. */
  signed: Signed | undefined
  /** The headers that the next attempt will be signed in. */
  headers: Headers | undefined
  /** Of the request, over all of its attempts. */
  idempotencyKey: IdempotencyKey | undefined
  /** The headers of the attempt under way, where options of the caller's have added some. */
  prepared: Headers | undefined
  /** Sends the attempt under way in such a way that it may go out a second time. */
  hedge: ((changes: Changes | undefined) => Promise<Response>) | undefined
  /** True if the attempt went out twice and failed in two ways: what one answer says does not hold for the other. */
  isDoubtful = false
  /** The limits of the last attempt. */
  attemptDeadline: Deadline | undefined
  /** Told of its end; absent for a call that is only asked about. */
  keeper: CallKeeper | undefined
  /** Its neighbours among the running calls of its client. */
  before: RunningCall | undefined
  after: RunningCall | undefined
  /** True once it was ended from outside: whatever still happens to it is ignored. */
  isTerminated = false
  attempt = 0
  history = NO_HISTORY

  /** True if the next attempt has headers before it is signed. */
  get hasHeaders(): boolean {
    return (this.headers ?? this.prepared ?? this.request.headers) !== undefined
  }

  /** The headers of the next attempt, made of the caller's own: a vendor may write into them. */
  get outgoingHeaders(): Headers {
    this.headers ??= new Headers(this.prepared ?? this.request.headers)
    return this.headers
  }

  /** Has it remember what happens from now on. */
  keepHistory(): void {
    if (this.history === NO_HISTORY) this.history = new CallHistory()
  }

  /** Lets go of what the last attempt has sent. */
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
