import { classifyFailure, ownVerdict } from '../classify/classify.ts'
import type { Verdict } from '../contract/verdict.ts'
import { isRefused } from '../error/is-refused.ts'
import { isVendorError } from '../error/vendor-error.ts'
import { isMistake } from '../options/answer.ts'
import type { LoginProblem, SessionCacheOptions } from '../session/session-cache-options.ts'
import type { SharedState } from '../state/shared-state.ts'
import { toError } from './shown/to-error.ts'

/** The error for whatever a login has thrown; an error of this library stays as it is. */
export function loginError(
  state: SharedState,
  { origin, source }: Pick<SessionCacheOptions, 'origin' | 'source'>,
  thrown: unknown,
  problem: LoginProblem,
): unknown {
  if (problem !== 'LOGIN_TIMEOUT' && (isVendorError(thrown) || isRefused(thrown) || isMistake(thrown))) return thrown
  const verdict = verdictOf(thrown, problem)
  const nothing = () => undefined
  return toError({
    verdict: thrown instanceof Error ? { ...verdict, fault: { ...verdict.fault, message: thrown.message } } : verdict,
    reason: 'login-failed',
    retryAfter: undefined,
    attempts: [],
    request: { method: 'POST', url: origin, operation: 'login' },
    hint: hintOf(thrown),
    secrets: state.registry.secretsOf(source),
    cause: thrown,
    live: nothing,
    buffered: nothing,
  })
}

function verdictOf(thrown: unknown, problem: LoginProblem): Verdict {
  const context = { errors: undefined }
  const ofTransport = classifyFailure({ type: 'thrown', thrown, timedOut: false, ms: 0 }, context)
  if (problem === 'LOGIN_FAILED' && ofTransport !== undefined) return ofTransport
  if (problem !== 'FIRST_CREDENTIALS_FAILED') return ownVerdict(problem, context)
  const verdict = ownVerdict('CREDENTIALS_FAILED', context)
  return ofTransport === undefined && isBug(thrown) ? { ...verdict, kind: 'fatal' } : verdict
}

/**
 * True for an error of a wrong program, which time does not mend. Once credentials have been accepted, an unusual answer of the
 * vault may be behind one.
 */
const isBug = (thrown: unknown): boolean =>
  thrown instanceof Error && ['OptionsError', 'ReferenceError', 'TypeError'].includes(thrown.name)

/** The `hint` of an error that a session source has thrown. */
function hintOf(thrown: unknown): string | undefined {
  const hint = thrown instanceof Error && 'hint' in thrown ? thrown.hint : undefined
  return typeof hint === 'string' && hint !== '' ? hint : undefined
}
