import { type Policy, TIMEOUT, TOTAL_TIMEOUT } from '../options/policy.ts'

/** Milliseconds for an attempt: the user's word, then the vendor's, then the default. */
export const timeoutOf = ({ timeout }: Policy, vendorTimeout: number | undefined): number =>
  orUnlimited(timeout ?? vendorTimeout ?? TIMEOUT)

interface LoginLimits {
  readonly loginTimeout: number | undefined
  readonly policy: Pick<Policy, 'timeout'>
}

/** Milliseconds for a login where nobody says otherwise. */
const LOGIN_TIMEOUT = 30_000

/** Milliseconds for a login: never less than an attempt has by the client's own word. */
export const loginTimeoutOf = ({ loginTimeout, policy: { timeout } }: LoginLimits): number =>
  loginTimeout ?? Math.max(LOGIN_TIMEOUT, timeout || 0)

/** Milliseconds for a call and all of its attempts: never less than one of them has. */
export const totalTimeoutOf = ({ totalTimeout }: Policy, vendorTimeout: number | undefined, timeout: number): number =>
  orUnlimited(totalTimeout ?? vendorTimeout ?? Math.max(TOTAL_TIMEOUT, Number.isFinite(timeout) ? timeout : 0))

/**
 * Milliseconds without which no attempt is worth sending: it would be given up while the server works, and a request
 * that was surely not done would perhaps be done. A tenth of what the first attempt has, and a second at most.
 */
export const minAttemptTime = (timeout: number, totalTimeout: number): number =>
  Math.min(1_000, Math.min(timeout, totalTimeout) / 10)

/** True if an attempt with so many milliseconds left had too few for its time-out to say anything of the service. */
export const wasShortened = (timeout: number, totalTimeout: number, left: number): boolean =>
  Math.min(timeout, left) < Math.min(timeout, totalTimeout) / 2

const orUnlimited = (ms: number | false): number => (ms === false ? Number.POSITIVE_INFINITY : ms)

/** A time that is left as a limit: none if it has no end, and never below 0. */
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
