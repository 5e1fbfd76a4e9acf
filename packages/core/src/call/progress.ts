import type { Permit } from '../admit/permit.ts'
import type { Deadline } from '../attempt/deadline.ts'
import type { Changes } from '../contract/request.ts'
import type { Session } from '../contract/session.ts'
import { Route } from '../endpoints/route.ts'
import type { AttemptRecord } from '../error/vendor-error.ts'
import type { IdempotencyKey } from '../request/made/idempotency-key.ts'
import type { ReplayableRequest } from '../request/replayable-request.ts'
import type { FailedAttempt } from './attempt-result.ts'
import type { CallKeeper } from './call-result.ts'
import type { RunningCall } from './lifecycle.ts'
import type { Signed } from './shown/secrets.ts'

/** Most signed attempts that are remembered: a call that waits for a busy object may have any number of them. */
const MOST_SIGNED = 64

/** The history of a call before the attempt under way. */
export class CallHistory {
  retries = 0
  /** Retries for a busy object, which `retries` does not count. */
  busyRetries = 0
  reroutes = 0
  /** Renewals: fresh sessions that this call asked for because its session was rejected. */
  renewals = 0
  /** Failed logins that this call has waited out. */
  failedLogins = 0
  lastWait = 0
  waited = 0
  /** Milliseconds that it has waited for its turn. */
  queued = 0
  /** True if the next attempt is a retry whose token is not spent yet. */
  owesToken = false
  /** Retry tokens that the call has cost so far. They come back if it succeeds. */
  tokens = 0
  /** Milliseconds that the caller's functions have taken before the attempt under way was sent. */
  preparedFor = 0
  /** Every attempt that has ended in a fault. One that is neither here nor under way was never sent. */
  readonly attempts: AttemptRecord[] = []
  /** The fault of the last of them. */
  lastFault: FailedAttempt | undefined
  /** The hosts that it has been to. */
  route = new Route()
  /** Secrets of former requests and hosts: a late reply may still contain them. */
  formerSecrets: readonly string[] = []
  /** The last signed attempts: a signature is made for one attempt, and answers to later ones may repeat it. */
  readonly formerSigned: Signed[] = []

  /** Keeps a signed attempt. Its secrets are searched only when an error or event is made, which most calls never need. */
  keepSigned(signed: Signed): void {
    this.formerSigned.push(signed)
    if (this.formerSigned.length > MOST_SIGNED) this.formerSigned.shift()
  }
}

/**
 * Stands for the history of every call without one, so that a call that succeeds at once makes none. It is frozen. Only its route
 * could be written to, which would change that of all calls, so `keepHistory` is called before.
 */
const NO_HISTORY: CallHistory = new CallHistory()
for (const part of [NO_HISTORY.attempts, NO_HISTORY.formerSigned, NO_HISTORY]) Object.freeze(part)

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
  /** True if the sendings of a hedged attempt have not ended in the same way: a failure of one does not speak for the other. */
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
