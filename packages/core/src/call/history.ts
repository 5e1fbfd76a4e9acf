import { Route } from '../endpoints/route.ts'
import type { AttemptRecord } from '../error/vendor-error.ts'
import type { FailedAttempt } from './attempt-result.ts'
import type { Signed } from './shown/secrets.ts'

/** Signed attempts that are remembered at most: a call that waits for a busy object may have any number of them. */
const MOST_SIGNED = 64

/** All that has happened to a call before the attempt under way. */
export class CallHistory {
  retries = 0
  /** Retries for a busy object, which are none of the others. */
  busyRetries = 0
  reroutes = 0
  /** Fresh sessions that this call asked for because the one it showed was rejected. */
  renewals = 0
  /** Failed logins that this call has waited out. */
  failedLogins = 0
  lastWait = 0
  waited = 0
  /** Milliseconds that it has waited for its turn. */
  queued = 0
  /** True if the next attempt is a retry that has yet to be paid for. */
  owesToken = false
  /** Milliseconds that the caller's functions have taken before the attempt under way was sent. */
  preparedFor = 0
  /** Every attempt that has ended in a fault. One that is neither here nor under way was never sent. */
  readonly attempts: AttemptRecord[] = []
  /** The fault of the last of them. */
  lastFault: FailedAttempt | undefined
  /** The hosts that it has been at. */
  route = new Route()
  /** Secrets of requests and hosts that it has left: a late reply may still carry them. */
  formerSecrets: readonly string[] = []
  /** The last attempts that were signed: a signature is made for one, and answers to later ones may repeat it. */
  readonly formerSigned: Signed[] = []

  /** Keeps a signed attempt. Its secrets are searched only when an error or event is made, which most calls never need. */
  keepSigned(signed: Signed): void {
    this.formerSigned.push(signed)
    if (this.formerSigned.length > MOST_SIGNED) this.formerSigned.shift()
  }
}

/**
 * The history of every call that has none yet, so that a call which goes well needs none. It is frozen; only its route could be
 * written to, which would send all calls astray: `keepHistory` is called before anything is noted there.
 */
export const NO_HISTORY: CallHistory = new CallHistory()
for (const part of [NO_HISTORY.attempts, NO_HISTORY.formerSigned, NO_HISTORY]) Object.freeze(part)
