import type { Fault } from '@holdfast/core/plugin'

/** One reply as a server would send it. */
export interface OpenStackReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The request that such a reply belongs to, if not every request can get it. */
  readonly request?: { readonly method: string; readonly url: string }
}

/** Writes a fault in one shape; `undefined` for a fault that the shape cannot carry. */
export type WriteFault = (fault: Fault) => OpenStackReply | undefined

export const json = { 'content-type': 'application/json' }

/** Makes a failure's reply, unless the fault has something that no body of a failure can express. */
export function failed(
  { inTask = false, details = [], transient }: Fault,
  status: number,
  body: unknown,
): OpenStackReply | undefined {
  if (inTask || details.length > 0 || transient !== undefined || status < 400) return undefined
  return { status, headers: json, body: JSON.stringify(body) }
}

/** Names of OpenStack's own faults: the key of the body. */
const named = /^[a-z]+[A-Z][A-Za-z]*$|^(?:unauthorized|forbidden)$/

/** The replies of servers in front of a service, each in its own shape. */
export const sharedWire = {
  /** The gateway: three keys. */
  gateway(fault: Fault) {
    const { code, status = 500 } = fault
    if (!/^APIGW?\./.test(code)) return undefined
    return failed(fault, status, { error_msg: messageOf(fault), error_code: code, request_id: requestId })
  },

  /** The newer calls of the identity service. */
  identity(fault: Fault) {
    const { code, status = 400 } = fault
    return code.startsWith('IAM.')
      ? failed(fault, status, { error_msg: messageOf(fault), error_code: code })
      : undefined
  },

  /** `{"itemNotFound": {"message": "…", "code": 404}}`: OpenStack's services, with their own name for the fault. */
  named(fault: Fault) {
    const { code, status = 500 } = fault
    return named.test(code) ? failed(fault, status, { [code]: { message: messageOf(fault), code: status } }) : undefined
  },

  /** `{"error": {"code": 401, "title": "Unauthorized", …}}`: Keystone, and services that validate its tokens. */
  keystone(fault: Fault) {
    const { code, status = 500 } = fault
    const title = titles.get(code)
    if (title?.status !== status) return undefined
    return failed(fault, status, { error: { code: status, message: messageOf(fault), title: title.title } })
  },

  /** The list of versions, the answer to any path without a version. */
  versions({ code, status = 300, inTask = false, details = [], transient }: Fault) {
    if (code !== 'multipleChoices' || status !== 300 || inTask || details.length > 0 || transient !== undefined)
      return undefined
    return { status, headers: json, body: '{"versions":[]}', request: { method: 'POST', url: '/backups' } }
  },

  /** The page of the load balancer. */
  balancer(fault: Fault) {
    const { code, status = 502, inTask = false, details = [], transient } = fault
    if (code !== `BALANCER_${status}` || inTask || details.length > 0 || transient !== undefined) return undefined
    return { status, headers: { 'content-type': 'text/html' }, body: page }
  },
} as const satisfies Readonly<Record<string, WriteFault>>

const requestId = '914a39d6c1f94f8b0c7a5d3e2b1a0f9e'

export const titles: ReadonlyMap<string, { readonly status: number; readonly title: string }> = new Map([
  ['badRequest', { status: 400, title: 'Bad Request' }],
  ['unauthorized', { status: 401, title: 'Unauthorized' }],
  ['forbidden', { status: 403, title: 'Forbidden' }],
  ['itemNotFound', { status: 404, title: 'Not Found' }],
  ['badMethod', { status: 405, title: 'Method Not Allowed' }],
  ['notAcceptable', { status: 406, title: 'Not Acceptable' }],
  ['conflictingRequest', { status: 409, title: 'Conflict' }],
  ['overLimit', { status: 413, title: 'Request Entity Too Large' }],
  ['badMediaType', { status: 415, title: 'Unsupported Media Type' }],
  ['computeFault', { status: 500, title: 'Internal Server Error' }],
  ['notImplemented', { status: 501, title: 'Not Implemented' }],
  ['serviceUnavailable', { status: 503, title: 'Service Unavailable' }],
])

/** The message of a shared code, which contains the finer meaning and the time to wait. */
export function messageOf({ code, message = '', params = [] }: Fault): string {
  const [param] = params
  if (typeof param !== 'string') return message
  if (/^APIGW?\.0308$/.test(code)) {
    return `The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:${inUnit(param)}`
  }
  return code === 'IAM.0012' ? `Threshold: 5 times per ${param} seconds` : param
}

const inUnit = (window: string) => (/^\d+$/.test(window) ? `${window} second` : window)

const page =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n<html><head><title>Error</title></head><body><table><tr><td>The backend server is unreachable.<br/></td></tr></table></body></html>'
