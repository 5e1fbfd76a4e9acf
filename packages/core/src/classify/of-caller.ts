import type { ErrorRow } from '../contract/row.ts'
import type { Reply, Vendor } from '../contract/vendor.ts'
import type { ReadReply, ReplyVerdict, Verdict } from '../contract/verdict.ts'
import { isOptionsError, OptionsError } from '../error/options-error.ts'
import { http } from '../http/http.ts'
import { type JudgeInput, judge, judgeUnreplied } from './judge.ts'

/** A verdict, with the error of the option that it is about, if it is about one. */
export interface Finding {
  readonly verdict: Verdict
  readonly cause?: OptionsError
}

/** The inputs of a verdict by the `classify` option. */
export interface CallerContext extends Pick<JudgeInput, 'errors' | 'rateLimit'> {
  readonly vendor: Vendor | undefined
  readonly classify: ((reply: ReadReply) => ReplyVerdict | undefined) | undefined
}

/** Classifies a reply by the `classify` option. `undefined` leaves it to the vendor and the status. */
export function classifyByCaller(reply: Reply, context: CallerContext): Finding | undefined {
  const { classify, vendor, errors, rateLimit } = context
  if (classify === undefined) return undefined
  try {
    const answer = classify(withJson(reply))
    if (answer === undefined) return undefined
    const fault = faultOf(answer, reply)
    const catalogue = { find: () => rowOf(answer, reply) }
    const named = { name: vendor?.name ?? http.name, catalogue }
    const { headers } = reply
    return { verdict: judge({ fault, vendor: named, source: 'classify', headers, errors, rateLimit }) }
  } catch (thrown) {
    const verdict = judgeUnreplied({ code: 'OPTION_FAILED', status: reply.status }, context)
    return { verdict: { ...verdict, outcome: outcomeOf(reply) }, cause: optionMistake('classify', thrown) }
  }
}

/** The error that names a function of the options that has thrown. */
export function optionMistake(option: string, thrown: unknown): OptionsError {
  if (isOptionsError(thrown)) return thrown
  return Object.assign(new OptionsError(option, 'threw an error, which is the cause.'), { cause: thrown })
}

const withJson = (reply: Reply): ReadReply => ({
  ...reply,
  get json() {
    return reply.complete ? jsonOf(reply.text) : undefined
  },
})

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The outcome by the status alone. */
const outcomeOf = ({ status }: Reply) =>
  (status >= 400 && http.catalogue.find({ code: `HTTP_${status}`, status })?.outcome) || 'unknown'

const faultOf = ({ code, message, retryAfter, details }: ReplyVerdict, { status }: Reply) => ({
  code,
  status,
  ...(message !== undefined && { message }),
  ...(retryAfter !== undefined && { retryAfter: Math.max(0, retryAfter) }),
  ...(details !== undefined && { details }),
})

function rowOf(answer: ReplyVerdict, reply: Reply): ErrorRow {
  const { code, kind, outcome = outcomeOf(reply), hint = '', pace = 'fast' } = answer
  const { busy = false, reauth = false, achieved = false, trips = false, pauses } = answer
  const { status } = reply
  const facts = { code, status, outcome, hint, trips, ...(pauses !== undefined && { pauses }) }
  if (kind === 'retryable') return { ...facts, kind, pace, busy }
  if (kind === 'auth') return { ...facts, kind, reauth }
  return kind === 'conflict' ? { ...facts, kind, achieved } : { ...facts, kind }
}
