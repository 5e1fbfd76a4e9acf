import type { Fault, Reply } from '@holdfast/core/plugin'
import { isHandler } from './handlers.ts'
import { mayPassOn } from './methods.ts'
import { rpcOf } from './requests.ts'
import { readAnswer } from './wire/answer.ts'
import { type PageFailure, readPage, readReplyInBody } from './wire/page.ts'

/**
 * Reads the fault out of a reply. The server answers 200 to every call that it could read, whether the call failed or
 * not; other statuses come with a page that rarely says more than the status. What a handler sends is somebody's
 * content (a blob, a disk, a log), whatever it looks like.
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
  const hadBegun = call !== undefined && mayPassOn(call.method) && !BEFORE_ANY_PLUGIN.has(code)
  return faultOf({ code, params, ...(message !== undefined && { message }), ...(hadBegun && { hadBegun }) }, status)
}

function faultOf(failure: PageFailure | undefined, status: number): Fault | undefined {
  if (failure === undefined) return undefined
  const { code, params = [], message, hadBegun } = failure
  return {
    code,
    status,
    ...(message !== undefined && { message }),
    ...(params.length > 0 && { params }),
    ...((hadBegun || isOfDriver(code, params)) && { inTask: true }),
  }
}

/** Codes that xapi raises before it calls a plug-in (xapi-project/xen-api ocaml/xapi/xapi_vm.ml, `call_plugin`). */
const BEFORE_ANY_PLUGIN = new Set(['VM_CALL_PLUGIN_RATE_LIMIT'])

/** True for a code that a storage driver raises in the midst of its work, where xapi itself would name the object. */
const isOfDriver = (code: string, params: readonly unknown[]): boolean => code === 'VDI_IN_USE' && params.length === 0
