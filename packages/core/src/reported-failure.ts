import { decideOnly } from './act/act.ts'
import { makeFailure } from './act/fail-call.ts'
import { recordAttempt } from './act/record-attempt.ts'
import { faultAlone } from './call/attempt-result.ts'
import type { CallFailure } from './call/call-result.ts'
import type { Engine } from './call/engine.ts'
import { waitingFor } from './call/preread-body.ts'
import { toError } from './call/shown/to-error.ts'
import type { ClassifyContext } from './classify/context.ts'
import { judgeFault } from './classify/judge.ts'
import type { Decision, FailReason } from './contract/decision.ts'
import type { Fault } from './contract/fault.ts'
import type { Verdict } from './contract/verdict.ts'
import { redactCode } from './error/redact-verdict.ts'
import type { VendorError } from './error/vendor-error.ts'
import { givenRequest, secretsOfUnsent, unsentCall } from './given-request.ts'
import type { FailureDetails, SentRequest } from './sent-request.ts'

/**
 * Makes the error that a call would end with if this fault were the answer to its request and nothing more could be tried.
 *
 * @param known facts about the request that replace those in the request.
 */
export async function failureFor(
  engine: Engine,
  fault: Fault,
  sent: SentRequest,
  details: FailureDetails = {},
  known: Partial<Pick<CallFailure, 'request' | 'verifyWith' | 'hint' | 'lostWork'>> = {},
): Promise<VendorError> {
  const { request, options } = givenRequest(engine, sent)
  // The secrets in the body must be known, and whether the request changes anything.
  if (request.hasUnreadBody)
    await request.readUnreadBody(options?.replayLimit ?? engine.policy.replayLimit, waitingFor(engine))
  const call = unsentCall(engine, request, options)
  request.dispose()
  const secrets = secretsOfUnsent(engine, call.secrets())
  const { vendor = engine.vendor } = call.destination
  const found = verdictOn(fault, details, { ...call.classifyContext(), vendor })
  const verdict = redactCode(found, () => secrets)
  const failed = faultAlone(verdict, 0, details.cause)
  const reason = reasonFor(verdict, decideOnly(call, verdict, true))
  call.attempt = 1
  recordAttempt(call, failed, { do: 'fail', reason })
  return toError({ ...makeFailure(call, failed, reason), ...known, secrets }, details.response)
}

function verdictOn(
  given: Fault,
  { outcome, response }: FailureDetails,
  { vendor, errors, rateLimit }: ClassifyContext,
): Verdict {
  const isUnknown = outcome === 'unknown'
  return judgeFault({
    fault: { ...(response && { status: response.status }), ...given, ...(isUnknown && { inTask: true }) },
    vendor,
    headers: response?.headers,
    errors: isUnknown ? undefined : errors,
    rateLimit,
  })
}

/** The reason of a failure for which the policy would have tried something else. */
function reasonFor({ kind }: Verdict, decision: Decision): FailReason {
  if (decision.do === 'fail') return decision.reason
  return kind === 'auth' || kind === 'conflict' ? kind : 'attempts'
}
