import { decideOnly } from './act/act.ts'
import { readBody } from './attempt/read.ts'
import type { Call } from './call/call.ts'
import type { Engine } from './call/engine.ts'
import { verdictFacts } from './call/events.ts'
import { failureBehind } from './call/to-error.ts'
import { bodyNeed, classifyReply } from './classify/classify.ts'
import { judge } from './classify/judge.ts'
import { judgeFault } from './classify/judge-fault.ts'
import type { Decision } from './contract/decision.ts'
import type { VerdictFacts } from './contract/event.ts'
import type { ErrorRow } from './contract/row.ts'
import type { Verdict } from './contract/verdict.ts'
import { redactCode } from './error/redact-verdict.ts'
import { isRefused, type RefusedError } from './error/refused-error.ts'
import { isVendorError } from './error/vendor-error.ts'
import { secretsOfUnsent, unsentCall } from './given-request.ts'
import { http } from './http/http.ts'
import { readThrown } from './http/transport.ts'
import { failureOf } from './loop/fetch.ts'
import { readLimits } from './loop/inspect.ts'
import { ReplayableRequest } from './request/replayable-request.ts'

/** The meaning of a code, error or reply, and what would be done about it. */
export interface Explanation {
  /** Absent where nothing is wrong. */
  readonly verdict?: VerdictFacts
  /** The row that says so, with its hint, source and reason. Absent for unlisted codes. */
  readonly row?: ErrorRow
  /** The decision of the policy after a first attempt. */
  readonly decision: Decision
  /** All of it in one sentence. */
  readonly why: string
}

/** Everything that `explain` takes. */
export type Subject = Response | Error | { readonly code: string; readonly status?: number }

/** Explains a reply (read from a copy), an error or a code, as the answer to a request: a GET unless said otherwise. */
export async function explain(
  engine: Engine,
  subject: Subject,
  { method = 'GET', url }: { readonly method?: string; readonly url?: string } = {},
): Promise<Explanation> {
  const firstOrigin = engine.vendor?.origins?.[0] ?? 'https://host.invalid'
  const at = url ?? (subject instanceof Response && subject.url !== '' ? subject.url : firstOrigin)
  const call = unsentCall(engine, new ReplayableRequest(at, { method }))
  const seen = await verdictOn(call, subject)
  // Nobody knows whose answer this is.
  const own = failureBehind(failureOf(subject))?.secrets ?? []
  const verdict = seen && redactCode(seen, () => [...own, ...secretsOfUnsent(engine, call)])
  if (verdict === undefined) return isRefused(subject) ? refused(subject) : fine(engine, subject)
  const decision = decideOnly(call, verdict, true)
  return {
    verdict: verdictFacts(verdict),
    ...(verdict.row && { row: verdict.row }),
    decision,
    why: sentence(verdict, decision),
  }
}

async function verdictOn(call: Call, subject: Subject): Promise<Verdict | undefined> {
  const { engine, policy } = call
  const { vendor, target } = call.destination
  const words = vendor ?? engine.vendor
  const grounds = { request: target, vendor: words, errors: policy.errors, date: engine.clock.date }
  if (subject instanceof Response) {
    const need = bodyNeed(subject, grounds)
    if (need === 'none') return undefined
    if (subject.bodyUsed) return classifyReply(subject, { text: '', complete: false }, grounds)
    const reading = await readBody(subject.clone(), { ...readLimits(subject, need), ms: 10_000 })
    reading.buffered()
    return reading.isFine ? undefined : classifyReply(subject, reading, grounds)
  }
  if (subject instanceof Error && !isVendorError(subject)) {
    const fault = readThrown(subject, subject.name === 'TimeoutError')
    return fault && judge({ fault, source: 'transport', ...pick(grounds), vendor: http })
  }
  const { code, status, detail } = (subject ?? {}) as { code: string; status?: number; detail?: string }
  if (typeof code !== 'string')
    throw new TypeError('`explain` takes a `Response`, an error, or an object with a `code`.')
  return judgeCode(grounds, code, status, detail)
}

function judgeCode(
  grounds: Pick<Parameters<typeof judge>[0], 'errors' | 'date'> & { vendor: Engine['vendor'] },
  code: string,
  status?: number,
  detail?: string,
): Verdict {
  const { vendor } = grounds
  const refined = vendor?.catalogue.rows.find((row) => row.code === code)?.refines
  const fault = {
    code: refined ?? code,
    details: refined === undefined ? (detail === undefined ? [] : [detail]) : [code],
    ...(status !== undefined && { status }),
  }
  return judgeFault({ fault, vendor, ...pick(grounds) })
}

const pick = ({ errors, date }: Pick<Parameters<typeof judge>[0], 'errors' | 'date'>) => ({ errors, date })

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

function sentence({ fault, kind, outcome, row, source, overridden, vendor }: Verdict, decision: Decision): string {
  const basis =
    source === 'unlisted'
      ? `no row of ${vendor} lists it`
      : `a row of ${vendor} says so${overridden ? ', changed by your `errors` option' : ''}`
  const then = decision.do === 'fail' ? `fail (${decision.reason})` : `${decision.do} (${decision.reason})`
  const because = row?.why === undefined ? '' : ` ${row.why}`
  return `${fault.code} is ${kind}, outcome ${outcome}: ${basis}. The policy would ${then}.${because}`
}
