import type { Fault, Reply } from '@holdfast/core/plugin'
import { isSessionCall } from './methods.ts'
import { rpcOf } from './requests.ts'
import { isNoAnswer } from './wire/detect.ts'
import { UNKNOWN } from './wire/rpc-answer.ts'

/**
 * The fault of a success that is no answer to its call: a proxy's page, or an answer that broke off too early. The host may have
 * done what it was asked. A login has its own error for such an answer.
 */
export function noAnswerIn({ status, text, complete, request }: Reply): Fault | undefined {
  if (status < 200 || status >= 300) return undefined
  const call = rpcOf(request)
  if (call === undefined || isSessionCall(call.method) || !isNoAnswer(text, complete)) return undefined
  return { code: UNKNOWN, status, message: `The answer to ${call.method} cannot be read.`, inTask: true }
}
