import { type Policy, TIMEOUT, TOTAL_TIMEOUT } from '../options/policy.ts'

/** Milliseconds for an attempt: the user's, else the vendor's, else the default. */
export const timeoutOf = ({ timeout }: Policy, vendorTimeout: number | undefined): number =>
  orUnlimited(timeout ?? vendorTimeout ?? TIMEOUT)

interface LoginLimits {
  readonly loginTimeout: number | undefined
  readonly policy: Pick<Policy, 'timeout'>
}

/** Default milliseconds for a login. */
const LOGIN_TIMEOUT = 30_000

/** Milliseconds for a login: never less than the client's `timeout` for an attempt. */
export const loginTimeoutOf = ({ loginTimeout, policy: { timeout } }: LoginLimits): number =>
  loginTimeout ?? Math.max(LOGIN_TIMEOUT, timeout || 0)

/** Milliseconds for a call with all of its attempts: never less than for one attempt. */
export const totalTimeoutOf = ({ totalTimeout }: Policy, vendorTimeout: number | undefined, timeout: number): number =>
  orUnlimited(totalTimeout ?? vendorTimeout ?? Math.max(TOTAL_TIMEOUT, Number.isFinite(timeout) ? timeout : 0))

/**
 * Fewest milliseconds that must be left for an attempt: with fewer, it would time out while the server works, and turn a request
 * that was certainly not done into one that may be done. A tenth of what the first attempt has, and at most a second.
 */
export const minAttemptTime = (timeout: number, totalTimeout: number): number =>
  Math.min(1_000, Math.min(timeout, totalTimeout) / 10)

/** True if an attempt had so few milliseconds left that its time-out says nothing about the service. */
export const wasShortened = (timeout: number, totalTimeout: number, left: number): boolean =>
  Math.min(timeout, left) < Math.min(timeout, totalTimeout) / 2

const orUnlimited = (ms: number | false): number => (ms === false ? Number.POSITIVE_INFINITY : ms)

/** A remaining time as a time limit: `undefined` for an infinite one, and never below 0. */
export const limitOf = (remaining: number): number | undefined =>
  remaining === Number.POSITIVE_INFINITY ? undefined : Math.max(0, remaining)

/** Milliseconds of the longest known wait that a call accepts. */
export const maxWaitOf = ({ maxWait }: Policy): number => orUnlimited(maxWait)

/** Milliseconds that a call may still wait for its turn. */
export const patienceOf = ({
  policy: { patience },
  history: { queued },
}: {
  readonly policy: Policy
  readonly history: { readonly queued: number }
}): number => (patience === false ? Number.POSITIVE_INFINITY : Math.max(0, patience - queued))
