import { LONGEST_TIMER } from '../contract/clock.ts'
import type { Decision, FailReason } from '../contract/decision.ts'
import type { Curves, Jitter } from '../contract/policy.ts'
import type { Pace } from '../contract/row.ts'
import type { Verdict } from '../contract/verdict.ts'
import { backoff } from './backoff.ts'

/** Most hosts to which replies may re-route one call, until it has waited. */
const REROUTES = 2

/** Most renewals of one call. From the second on, logins are paced. */
const RENEWALS = 3

/** Counts of this call so far. */
export interface History {
  /** Retries, except those for a busy object. */
  readonly retries: number
  readonly busyRetries: number
  readonly reroutes: number
  readonly renewals: number
  readonly lastWait: number
}

/** The user's limits for this call and this verdict. */
export interface Limits {
  /** Most retries. For a busy object there may be more, while there is time. */
  readonly limit: number
  /** True if the user has set the limit, so that it holds for a busy object, too. */
  readonly hasOwnLimit: boolean
  /** The user's pace, which replaces the row's. */
  readonly pace: Pace | undefined
  /** Milliseconds of the longest known wait that the call accepts. */
  readonly maxWait: number
  /** The user's jitter. */
  readonly jitter: Jitter | undefined
  readonly curves: Curves
  readonly acceptAchieved: boolean
  readonly hasOnConflict: boolean
}

/** Facts that the caller looks up, so that `decide` is pure. */
export interface Circumstances {
  /** The request may be repeated although its outcome is unknown. */
  readonly repeatable: boolean
  /** The body can be sent again. */
  readonly resendable: boolean
  /** The attempt carried a session that a login could replace. */
  readonly renewable: boolean
  /** A retry token is available, or the retry costs none. */
  readonly affordable: boolean
  /** Milliseconds for which the circuit is open; 0 if it is not, or half-open. */
  readonly openFor: number
  /** Milliseconds that the call may still wait for its turn. */
  readonly patience: number
  /** Milliseconds left of the whole call. */
  readonly remaining: number
  /** Fewest milliseconds that must be left for an attempt. */
  readonly minAttemptTime: number
  /** No other host than the one that was asked can answer. */
  readonly isHostBound: boolean
  /** The host that the request may go to because the reply names another. */
  readonly reroute: { readonly host: string; readonly reason: 'named-host' | 'next-endpoint' } | undefined
  random(): number
}

/** Decides what to do about a verdict, and why. Pure: the same arguments give the same decision. */
export function decide(verdict: Verdict, history: History, limits: Limits, facts: Circumstances): Decision {
  switch (verdict.kind) {
    case 'retryable':
      return verdict.reroute === undefined
        ? retry(verdict, history, limits, facts)
        : reroute(verdict, history, limits, facts)
    case 'auth':
      return renew(verdict, history, facts)
    case 'conflict':
      if (verdict.achieved && limits.acceptAchieved) return { do: 'return', reason: 'achieved' }
      return limits.hasOnConflict ? { do: 'ask', reason: 'conflict' } : fail('conflict')
    case 'fatal':
      return fail(verdict.source === 'unlisted' ? 'unlisted' : redirectReason(verdict))
  }
}

function retry(verdict: Verdict, history: History, limits: Limits, facts: Circumstances): Decision {
  const later = verdict.wait
  if (verdict.fault.settled) return fail('settled', later)
  if (verdict.outcome === 'unknown' && !facts.repeatable) return fail('not-repeatable', later)
  if (!facts.resendable) return fail('body-not-replayable', later)
  if (isExhausted(verdict, history, limits, facts)) return fail('attempts', later)
  if (later !== undefined && later > limits.maxWait) return fail('max-wait', later)
  if (verdict.costsRetryToken && !facts.affordable) return fail('budget', later)
  const wait = waitFor(verdict, history, limits, facts)
  if (wait.ms >= facts.remaining - facts.minAttemptTime || wait.ms > LONGEST_TIMER) return fail('deadline', later)
  // The retry would only be refused, so the call fails now.
  if (facts.openFor > wait.ms + Math.min(facts.patience, limits.maxWait)) return fail('circuit-open', facts.openFor)
  return wait
}

/** True if there are no retries left. A busy object is waited for by time, not by retries: how long its work takes is not known. */
function isExhausted(
  { busy }: Verdict,
  { retries, busyRetries }: History,
  limits: Limits,
  facts: Circumstances,
): boolean {
  const isCounted = limits.hasOwnLimit || facts.remaining === Number.POSITIVE_INFINITY
  if (isCounted) return retries + busyRetries >= limits.limit
  return !busy && retries >= limits.limit
}

/**
 * The wait that the server asked for, with jitter but never shorter; else one by the curve of the pace. By default the last retry
 * waits for at least half of the longest wait of its curve: what has not passed in seconds is an outage, and the call can wait.
 */
function waitFor(
  verdict: Verdict,
  history: History,
  limits: Limits,
  { random, remaining, minAttemptTime, patience }: Circumstances,
): Decision & { do: 'wait' } {
  // A wait of 0 cannot be spread, so callers that got it together would come back together: they use the curve.
  if (verdict.wait !== undefined && verdict.wait > 0) {
    const spread = verdict.wait + Math.min(0.2 * verdict.wait, limits.maxWait - verdict.wait) * random()
    // Jitter must not end a call that has just enough time for the wait that the server asked for.
    return { do: 'wait', ms: spread < remaining - minAttemptTime ? spread : verdict.wait, reason: 'server-hint' }
  }
  const { busy } = verdict
  const pace = limits.pace ?? verdict.pace
  const curve = limits.curves[busy && limits.pace === undefined && pace === 'fast' ? 'busy' : pace]
  const jitter = limits.jitter ?? (busy ? 'equal' : 'full')
  const retries = busy ? history.busyRetries : history.retries
  // The latest wait that leaves time for an attempt. A call that has at least the shortest wait left is not lost by a longer one.
  const latest = remaining - minAttemptTime - 1
  const isShort = latest >= curve.base && latest < curve.limit
  const limit = isShort && !busy ? latest : curve.limit
  const ms = backoff({ curve: { ...curve, limit }, jitter, retries, lastWait: history.lastWait, random })
  // The last retry for a busy object comes at the latest time.
  if (busy) return { do: 'wait', ms: isShort ? Math.min(ms, latest) : ms, reason: 'back-off' }
  const isLast = !limits.hasOwnLimit && limits.jitter === undefined && retries + 1 === limits.limit
  const longest = isLast ? Math.min(limit, patience, limits.maxWait) : 0
  return { do: 'wait', ms: Math.max(ms, longest * (1 - random() / 2)), reason: 'back-off' }
}

function reroute(verdict: Verdict, history: History, limits: Limits, facts: Circumstances): Decision {
  if (verdict.fault.settled) return fail('settled')
  if (facts.isHostBound) return fail('host-bound')
  if (facts.reroute === undefined) return fail('untrusted-host')
  if (facts.reroute.reason === 'named-host' && history.reroutes >= REROUTES) {
    // Hosts that name each other, or a dead one, do so until they agree on another, which takes time.
    const later = retry(verdict, history, limits, facts)
    return later.do === 'wait' ? later : fail('too-many-hops')
  }
  if (verdict.outcome === 'unknown' && !facts.repeatable) return fail('not-repeatable')
  if (!facts.resendable) return fail('body-not-replayable')
  return { do: 'reroute', ...facts.reroute }
}

function renew(verdict: Verdict, history: History, facts: Circumstances): Decision {
  if (!verdict.reauth || !facts.renewable || history.renewals >= RENEWALS || verdict.fault.settled) return fail('auth')
  // The request had begun before the session was rejected, so it must not be repeated after a login.
  if (verdict.outcome === 'unknown' && !facts.repeatable) return fail('not-repeatable')
  if (!facts.resendable) return fail('body-not-replayable')
  return { do: 'renew', reason: 'session-rejected' }
}

const redirectReason = ({ fault }: Verdict): FailReason =>
  fault.code === 'REDIRECT_UNTRUSTED' || fault.code === 'REDIRECT_HIDDEN' ? 'untrusted-host' : 'fatal'

const fail = (reason: FailReason, retryAfter?: number): Decision => ({
  do: 'fail',
  reason,
  ...(retryAfter !== undefined && { retryAfter }),
})
