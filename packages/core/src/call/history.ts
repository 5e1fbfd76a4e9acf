import { Route } from '../endpoints/route.ts'
import type { AttemptRecord } from '../error/vendor-error.ts'
import type { FailedAttempt } from './attempt-result.ts'
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
  /** True if the attempt under way is a retry that costs a token. The token comes back if it succeeds. */
  hasPaid = false
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
export const NO_HISTORY: CallHistory = new CallHistory()
for (const part of [NO_HISTORY.attempts, NO_HISTORY.formerSigned, NO_HISTORY]) Object.freeze(part)
