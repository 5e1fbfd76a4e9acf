import type { FailReason } from '../contract/decision.ts'

/** The parts of the sentence. */
export interface Described {
  readonly vendor: string
  readonly code: string
  readonly detail?: string | undefined
  readonly status?: number | undefined
  readonly serverMessage?: string | undefined
  readonly reason: FailReason
  readonly hint?: string | undefined
  readonly request: { readonly method: string; readonly url: string }
  readonly attempts: readonly unknown[]
  readonly verifyWith?: string | undefined
}

const REASONS: Partial<Record<FailReason, string>> = {
  attempts: 'no retries left',
  deadline: 'no time left',
  budget: 'the retry budget is spent',
  'body-not-replayable': 'the body could be sent only once',
  'not-repeatable': 'not repeated, as it may have been done',
  'untrusted-host': 'the host named is not trusted',
  'host-bound': 'only the host that was asked can do it',
  'too-many-hops': 'sent from host to host too often',
  'login-failed': 'the login failed',
  'session-rejected': 'logins succeed, but their sessions are rejected',
  unlisted: 'the code is not documented',
  settled: 'the work has ended so',
  'circuit-open': 'the circuit has opened',
  paused: 'the service asked to be left alone',
  'queue-full': 'too many calls wait',
  closed: 'the client was closed',
}

/** One sentence: which request, what it met, why the engine stopped, what the server said, what to do. */
export function describe({
  vendor,
  code,
  detail,
  status,
  serverMessage,
  reason,
  hint,
  request,
  attempts,
  verifyWith,
}: Described): string {
  const what = `${vendor} ${code}${detail === undefined ? '' : ` (${detail})`}${status === undefined ? '' : ` [${status}]`}`
  const why = REASONS[reason] === undefined ? '' : `; ${REASONS[reason]}`
  const tries = attempts.length > 1 ? ` after ${attempts.length} attempts` : ''
  const quoted = serverMessage ? `: ${serverMessage}` : ''
  return `${request.method} ${request.url}: ${what}${tries}${why}${quoted}${hint ? ` (${hint})` : ''}${verifyWith ? ` To find out: ${verifyWith}.` : ''}`
}
