import { decideOnly } from './act/act.ts'
import { readBody } from './attempt/read.ts'
import type { Engine } from './call/engine.ts'
import { verdictFacts } from './call/shown/events.ts'
import { failureBehind } from './call/shown/to-error.ts'
import { bodyNeed, readLimits } from './classify/body-need.ts'
import { classifyFailure, classifyReply, classifyUnread } from './classify/classify.ts'
import type { ClassifyContext } from './classify/context.ts'
import { judgeFault } from './classify/judge.ts'
import type { Decision } from './contract/decision.ts'
import type { VerdictFacts } from './contract/event.ts'
import type { ErrorRow } from './contract/row.ts'
import type { Verdict } from './contract/verdict.ts'
import { isRefused } from './error/is-refused.ts'
import { redactVerdict } from './error/redact-verdict.ts'
import type { RefusedError } from './error/refused-error.ts'
import type { ShownRequest, VendorError } from './error/vendor-error.ts'
import { secretsOfUnsent, unsentCall } from './given-request.ts'
import { failureOf } from './loop/find-failure.ts'
import type { Policy } from './options/policy.ts'
import { ReplayableRequest } from './request/replayable-request.ts'
import { Redactor } from './secrets/redact.ts'

/** The meaning of a code, error or reply, and what would be done about it. */
export interface Explanation {
  /** Absent if nothing is wrong. */
  readonly verdict?: VerdictFacts
  /** The row that says so, with its hint, source and reason. Absent for unlisted codes. */
  readonly row?: ErrorRow
  /** The decision of the policy after a first attempt; for an error of this library, the one that its call ended with. */
  readonly decision: Decision
  /** The request that this answers. Absent for a refusal, which has sent none. */
  readonly request?: ExplainedRequest
  /** The whole explanation in one sentence. */
  readonly why: string
}

/** The request that an explanation is for. */
export interface ExplainedRequest extends ShownRequest {
  /** The vendor's name for the request. */
  readonly operation: string
  /** True if it may be repeated although its outcome is unknown; absent if the error does not say. */
  readonly repeatable?: boolean
}

/** Everything that `explain` takes. */
export type Subject = Response | Error | { readonly code: string; readonly status?: number }

/** The request to which a code, a reply or an error is the answer. */
export interface AskedRequest {
  /** Method of the request. @default GET, or POST with a body */
  readonly method?: string
  readonly url?: string
  /** Body of the request, if the operation is in it and not in the URL, as in an RPC. */
  readonly body?: string
}

/**
 * Explains a reply (read from a copy), an error or a code, as the answer to a request. An error of this library, and a reply
 * that was returned with one, know their own request and how its call ended, which take precedence over a given request.
 */
export async function explain(engine: Engine, subject: Subject, asked: AskedRequest = {}): Promise<Explanation> {
  const error = failureOf(subject)
  if (error !== undefined) return explainError(engine, error)
  if (isRefused(subject)) return refused(subject)
  const call = unsentCall(engine, requestOf(engine, subject, asked))
  const { vendor = engine.vendor } = call.destination
  const found = await verdictOn(subject, { ...call.classifyContext(), vendor }, call.policy)
  const verdict = found && redactVerdict(found, new Redactor(secretsOfUnsent(engine, call.secrets())))
  if (verdict === undefined) return fine(engine, subject)
  const decision = decideOnly(call, verdict, true)
  const { method, url, operation } = call.shown.request
  return {
    verdict: verdictFacts(verdict),
    ...(verdict.row && { row: verdict.row }),
    decision,
    request: { method, url, operation, repeatable: call.isRepeatable() },
    why: sentence(verdict, `The policy would ${wordsFor(decision)}.`),
  }
}

function requestOf(engine: Engine, subject: Subject, { method, url, body }: AskedRequest): ReplayableRequest {
  const firstOrigin = engine.vendor?.origins?.[0] ?? 'https://host.invalid'
  const at = url ?? (subject instanceof Response && subject.url !== '' ? subject.url : firstOrigin)
  return new ReplayableRequest(at, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(body !== undefined && { body }),
  })
}

/** Explains an error by its own members: the row may say less, and this client's policy may differ. */
function explainError(engine: Engine, error: VendorError): Explanation {
  const failure = failureBehind(error)
  const { code, detail, status, kind, outcome, reason, retryAfter, request, operation } = error
  const { vendor, policy } = engine
  // An error of another copy of this library is known only by its members.
  const known = failure
    ? redactVerdict(failure.verdict, new Redactor(failure.secrets))
    : judgeCode({ vendor, errors: policy.errors }, code, detail, status)
  const verdict = { ...known, vendor: error.vendor, kind, outcome, fault: { ...known.fault, code } }
  const decision: Decision = { do: 'fail', reason, ...(retryAfter !== undefined && { retryAfter }) }
  const repeatable = failure?.repeatable
  const done = outcome === 'unknown' && repeatable === false ? ', and it may not be repeated blindly' : ''
  return {
    verdict: {
      ...verdictFacts(verdict),
      ...(detail !== undefined && { detail }),
      ...(status !== undefined && { status }),
    },
    ...(known.row && { row: known.row }),
    decision,
    request: { ...request, operation, ...(repeatable !== undefined && { repeatable }) },
    why: sentence(verdict, `The call ended so (${reason})${done}.`),
  }
}

async function verdictOn(subject: Subject, context: ClassifyContext, policy: Policy): Promise<Verdict | undefined> {
  if (subject instanceof Response) {
    const need = bodyNeed(subject, context.vendor, context.request, policy)
    if (need === 'none') return classifyUnread(subject, context)?.verdict
    if (subject.bodyUsed) return classifyReply(subject, { text: '', complete: false }, context)?.verdict
    const reading = await readBody(subject.clone(), {
      ...readLimits(subject, need, policy),
      ms: 10_000,
    })
    reading.giveUp()
    return reading.isFine ? undefined : classifyReply(subject, reading, context)?.verdict
  }
  if (subject instanceof Error) {
    const timedOut = subject.name === 'TimeoutError'
    return classifyFailure({ type: 'thrown', thrown: subject, timedOut, ms: 0 }, context)
  }
  const { code, status } = (subject ?? {}) as { code: string; status?: number }
  if (typeof code !== 'string')
    throw new TypeError('`explain` takes a `Response`, an error, or an object with a `code`.')
  return judgeCode(context, code, undefined, status)
}

function judgeCode(
  { vendor, errors }: Pick<ClassifyContext, 'vendor' | 'errors'>,
  code: string,
  detail?: string,
  status?: number,
): Verdict {
  const refined = vendor?.catalogue.rows.find((row) => row.code === code)?.refines
  const fault = {
    code: refined ?? code,
    details: refined === undefined ? (detail === undefined ? [] : [detail]) : [code],
    ...(status !== undefined && { status }),
  }
  return judgeFault({ fault, vendor, errors })
}

const refused = ({ reason, retryAfter, message }: RefusedError): Explanation => ({
  decision: { do: 'fail', reason, ...(retryAfter !== undefined && { retryAfter }) },
  why: message,
})

function fine({ vendor }: Engine, subject: Subject): Explanation {
  const name = subject instanceof Response ? vendor?.successes?.[subject.status] : undefined
  if (subject instanceof Error) {
    const why = 'No error of the network or of a vendor: it goes to the caller as it is.'
    return { decision: { do: 'return', reason: 'fine' }, why }
  }
  return {
    decision: { do: 'return', reason: 'fine' },
    why: `Nothing is wrong${name === undefined ? '' : `: ${name}`}.`,
  }
}

function sentence({ fault, kind, outcome, row, source, overridden, vendor }: Verdict, then: string): string {
  const basis =
    source === 'unlisted'
      ? `no row of ${vendor} lists it`
      : `a row of ${vendor} says so${overridden ? ', changed by your `errors` option' : ''}`
  const because = row?.why === undefined ? '' : ` ${row.why}`
  return `${fault.code} is ${kind}, outcome ${outcome}: ${basis}. ${then}${because}`
}

const wordsFor = (decision: Decision): string =>
  decision.do === 'fail' ? `fail (${decision.reason})` : `${decision.do} (${decision.reason})`
