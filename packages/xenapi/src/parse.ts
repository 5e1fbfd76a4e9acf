import type { Fault, Reply } from '@holdfast/core/plugin'
import { mayHaveBegun } from './begun.ts'
import { carriedCode } from './carried-code.ts'
import { isHandler } from './handlers.ts'
import { nameOf } from './methods.ts'
import { holdsWantedState } from './power-states.ts'
import { rpcOf } from './requests.ts'
import { readAnswer } from './wire/answer.ts'
import { type PageFailure, readPage, readReplyInBody } from './wire/page.ts'

/**
 * Reads the fault in a reply. The server answers 200 to every call that it could read, whether the call failed or not; other
 * statuses come with a page that rarely says more than the status. What a handler sends is content (a blob, a disk, a log),
 * whatever it looks like.
 */
export function parse({ status, text, request }: Reply): Fault | undefined {
  if (status >= 400) return faultOf(readPage(status, text), status)
  if (status < 200 || status >= 300) return undefined
  if (text.startsWith('HTTP/')) return faultOf(readReplyInBody(text), status)
  if (isHandler(request.path)) return undefined
  const answer = readAnswer(text)
  if (answer?.type !== 'failure') return undefined
  const { code, params, message } = answer
  const call = rpcOf(request)
  const hadBegun = call !== undefined && mayHaveBegun(call, code, params)
  const fault = faultOf(
    { code, params, ...(message !== undefined && { message }), ...(hadBegun && { hadBegun }) },
    status,
  )
  const achieved =
    fault !== undefined && call !== undefined && holdsWantedState(nameOf(call.method), call.params().slice(1), fault)
  return achieved ? { ...fault, achieved } : fault
}

function faultOf(failure: PageFailure | undefined, status: number): Fault | undefined {
  if (failure === undefined) return undefined
  const { code, params = [], message, hadBegun } = failure
  const carried = carriedCode(code, params)
  return {
    code,
    status,
    ...(carried !== undefined && { details: [carried] }),
    ...(message !== undefined && { message }),
    ...(params.length > 0 && { params }),
    ...((hadBegun || isMetAtWork(code, params)) && { inTask: true }),
  }
}

/**
 * True for a code that is raised only after work has begun: a storage driver raises `VDI_IN_USE` without naming the disk, and
 * xenopsd's states begin with a capital (`xapi_xenops.ml`), while those of xapi's own checks do not (`xapi_vm_lifecycle.ml`).
 */
const isMetAtWork = (code: string, params: readonly unknown[]): boolean =>
  (code === 'VDI_IN_USE' && params.length === 0) ||
  (code === 'VM_BAD_POWER_STATE' && /^[A-Z]/.test(String(params[2] ?? '')))
