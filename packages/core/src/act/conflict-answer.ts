import type { ConflictAnswer } from '../contract/policy.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../options/check.ts'
import { isRequest } from '../request/is-request.ts'

/**
 * Takes what `onConflict` returned for its answer; nothing stands for `fail`.
 *
 * @throws {OptionsError} if it is none: what was not meant must not send a request again.
 */
export function conflictAnswer(answer: unknown): ConflictAnswer {
  if (answer === undefined || answer === null) return 'fail'
  if (answer === 'fail' || answer === 'accept' || isRequest(answer) || isNext(answer)) return answer
  const forms = "'fail', 'accept', a `Request`, or an object with a `url`, an `init` or both"
  throw new OptionsError('onConflict', `must answer ${forms}, got ${kindOf(answer)}.`)
}

type Next = Extract<ConflictAnswer, { readonly init?: RequestInit }>

function isNext(answer: unknown): answer is Next {
  if (typeof answer !== 'object' || answer === null) return false
  const { url, init, ...others } = answer as Readonly<Record<string, unknown>>
  if (Object.keys(others).length > 0 || (url === undefined && init === undefined)) return false
  const isAddress = url === undefined || typeof url === 'string' || url instanceof URL
  return isAddress && (init === undefined || (typeof init === 'object' && init !== null && !Array.isArray(init)))
}
