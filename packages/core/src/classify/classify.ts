import type { AttemptOutcome } from '../contract/attempt-outcome.ts'
import type { Reply } from '../contract/vendor.ts'
import type { Verdict } from '../contract/verdict.ts'
import { foreignPage } from '../http/foreign-page.ts'
import { http } from '../http/http.ts'
import { proxyCode } from '../http/proxies.ts'
import { refusedAnswer } from '../http/refused-answer.ts'
import { readThrown } from '../http/transport.ts'
import type { ClassifyContext } from './context.ts'
import { faultOfKey } from './idempotency.ts'
import { judge, judgeUnreplied } from './judge.ts'
import { classifyByCaller, type Finding } from './of-caller.ts'
import { passingCode, throttleIn, waitInBody } from './rate-limit/throttle.ts'

/** The part of a reply's body that was read. */
export interface BodyRead extends Pick<Reply, 'text' | 'complete'> {
  /** True if the vendor's sniff has recognized a success. */
  readonly isFineToVendor?: boolean
}

/**
 * Classifies a reply, by the first of these that applies: the `classify` option, a throttle by the user's rules, a proxy that
 * proves that it passed nothing on, a page where none can be, the vendor's `parse`, the bare status. `undefined` is fine.
 */
export function classifyReply(response: Response, body: BodyRead, context: ClassifyContext): Finding | undefined {
  const { vendor, request, errors, rateLimit } = context
  const { headers, status } = response
  const { text, complete } = body
  const reply: Reply = { status, headers, request, text, complete }
  const ofCaller = classifyByCaller(reply, context)
  if (ofCaller !== undefined) return ofCaller
  const input = { headers, errors, rateLimit }
  const retryAfter = status < 400 ? undefined : waitInBody(reply, rateLimit)
  const throttle = status < 400 ? undefined : throttleIn(reply, rateLimit)
  const asked = retryAfter !== undefined && { retryAfter }
  const page = foreignPage(reply, vendor)
  const isVendors =
    vendor !== http && !page && throttle === undefined && !body.isFineToVendor && proxyCode(reply) === undefined
  const parsed = isVendors ? vendor?.parse(reply) : undefined
  if (vendor && parsed)
    return { verdict: judge({ ...input, fault: { status, ...asked, ...parsed }, vendor, source: 'vendor' }) }
  const bare = faultOfKey(reply, context) ?? page ?? http.parse(reply)
  if (bare === undefined) return undefined
  const code = throttle?.code ?? passingCode(reply, context) ?? bare.code
  const fault = { ...bare, ...asked, code }
  return { verdict: judge({ ...input, fault, vendor: http, source: 'status', usualWait: throttle?.wait }) }
}

/** Classifies a reply whose body need not be read, by the `classify` option alone. */
export const classifyUnread = ({ status, headers }: Response, context: ClassifyContext): Finding | undefined =>
  classifyByCaller({ status, headers, request: context.request, text: '', complete: false }, context)

/** Codes of what happened on the client's side, without a reply. */
export type OwnCode =
  | 'ATTEMPT_TIMEOUT'
  | 'LOGIN_TIMEOUT'
  | 'LOGIN_FAILED'
  | 'CREDENTIALS_FAILED'
  | 'CLIENT_CLOSED'
  | 'OPTION_FAILED'
  | 'HOOK_FAILED'

/** The verdict for one of these codes. */
export const ownVerdict = (code: OwnCode, context: Pick<ClassifyContext, 'errors'>): Verdict =>
  judgeUnreplied({ code }, context)

const REFUSED = { code: 'REDIRECT_REFUSED' }

/** Classifies an error of `fetch` that is about an answer which it did not accept; `undefined` for any other. */
export function classifyRefusedAnswer(thrown: unknown, context: ClassifyContext, isSafe: boolean): Verdict | undefined {
  const code = refusedAnswer(thrown, context.request.url, isSafe)
  return code && judgeUnreplied({ code }, context)
}

/** Classifies an attempt without a usable reply. `undefined` for an error that the engine does not interpret. */
export function classifyFailure(
  outcome: Extract<AttemptOutcome, { type: 'thrown' | 'redirect-refused' }>,
  context: Pick<ClassifyContext, 'errors'>,
): Verdict | undefined {
  const fault =
    outcome.type === 'thrown'
      ? (readThrown(outcome.thrown, outcome.timedOut, outcome.ms) ?? (outcome.afterRedirect ? REFUSED : undefined))
      : { code: outcome.why, status: outcome.response.status }
  return fault && judgeUnreplied(fault, context)
}
