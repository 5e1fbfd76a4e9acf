import type { Session } from '../contract/session.ts'
import type { Verdict } from '../contract/verdict.ts'
import { param } from './judge.ts'

/**
 * Limits a verdict to what it says about this session. If the answer names another session, the service has passed on the answer
 * of another service: a login would not help, and the request has begun.
 */
export function limitToSession(verdict: Verdict, session: Session | undefined): Verdict {
  const { row, fault, kind } = verdict
  if (session === undefined || kind !== 'auth' || row?.kind !== 'auth' || row.session === undefined) return verdict
  const named = param(fault, row, row.session.param)
  if (typeof named !== 'string' || named === '' || session.secrets.includes(named)) return verdict
  return { ...verdict, reauth: false, outcome: 'unknown' }
}
