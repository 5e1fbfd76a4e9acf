import type { Fault } from '@holdfast/core/plugin'

/** One reply as vCenter would send it. */
export interface VsphereReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The request that such a reply belongs to, if not every request can get it. */
  readonly request?: { readonly method: string; readonly url: string }
}

const json = { 'content-type': 'application/json' }

/** Writes a fault in one shape; `undefined` for a fault that the shape cannot carry. */
export type WriteFault = (fault: Fault) => VsphereReply | undefined

/** The shapes of vCenter's answers in all versions and surfaces. */
export type VsphereShape =
  | 'api'
  | 'apiUntyped'
  | 'rest'
  | 'rest6'
  | 'restTerse'
  | 'router'
  | 'bare'
  | 'ovf'
  | 'tags'
  | 'soap'
  | 'viJson'

/**
 * The form of a fault on the wire, by shape: the inverse of what the vendor reads. For tests and mock servers.
 */
export const wire: Readonly<Record<VsphereShape, WriteFault>> = {
  /** `/api`, 7.0 U2 and later. */
  api: (fault) =>
    spoken(fault, (status) => ({ status, headers: json, body: plain(fault, { error_type: fault.code }) })),

  /** `/api`, from a service too old to name the type: only the status shows the code, and only an identifier shows that it comes from vCenter. */
  apiUntyped: (fault) =>
    fault.code === typicalCodes[fault.status ?? 0] && fault.details !== undefined
      ? spoken(fault, (status) => ({ status, headers: json, body: plain(fault, {}) }))
      : undefined,

  /** `/rest` since 7.0. */
  rest: (fault) =>
    spoken(fault, (status) => ({ status, headers: json, body: wrapped(fault, { error_type: fault.code }) })),

  /** `/rest` of 6.x: no `error_type`. */
  rest6: (fault) => spoken(fault, (status) => ({ status, headers: json, body: wrapped(fault, {}) })),

  /** `/rest` as simulators have it: JSON under `text/plain`, no messages at all. */
  restTerse: (fault) =>
    messagesOf(fault).length > 0 || fault.transient !== undefined
      ? undefined
      : spoken(fault, (status) => ({
          status,
          headers: { 'content-type': 'text/plain; charset=utf-8' },
          body: JSON.stringify({ type: typeOf(fault.code), value: {} }),
        })),

  /** The router of 6.x, for a URL that it does not know. */
  router: (fault) => {
    const [id] = fault.details ?? []
    if (fault.code !== 'NOT_FOUND' || id === undefined || !id.startsWith('com.vmware.vapi.rest.')) return undefined
    const localizableMessages = [{ defaultMessage: fault.message ?? '', id }]
    return { status: 404, headers: json, body: JSON.stringify({ name: id, localizableMessages, majorErrorCode: 404 }) }
  },

  /** No body, no content type: only the status. */
  bare: (fault) => {
    const { status = 0 } = fault
    return fault.details?.[0] === `HTTP_${status}` ? { status, headers: {}, body: '' } : undefined
  },

  /** A 200 with a failed OVF deployment. */
  ovf: (fault) =>
    answered(fault, {
      method: 'POST',
      url: '/api/vcenter/ovf/library-item/item-1?action=deploy',
      result: {
        succeeded: false,
        error: {
          errors: [{ category: 'SERVER', error: { error_type: fault.code, ...messageFields(fault) } }],
          warnings: [],
        },
      },
    }),

  /** The Web Services API as SOAP 1.1: 500 for every fault. */
  soap: (fault) =>
    isWebServicesFault(fault)
      ? {
          status: 500,
          headers: { 'content-type': 'text/xml; charset=utf-8' },
          body: soapFault(fault),
          request: { method: 'POST', url: '/sdk' },
        }
      : undefined,

  /** The Web Services API as JSON. */
  viJson: (fault) =>
    isWebServicesFault(fault)
      ? {
          status: 500,
          headers: json,
          body: JSON.stringify({
            _typeName: fault.code,
            ...(fault.message && { faultMessage: [{ message: fault.message }] }),
          }),
          request: { method: 'POST', url: '/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/PowerOnVM_Task' },
        }
      : undefined,

  /** A 200 that lists the tags of a batch that failed; it names no type. */
  tags: (fault) =>
    fault.code === 'ERROR'
      ? answered(fault, {
          method: 'POST',
          url: '/api/cis/tagging/tag-association?action=attach-multiple-tags-to-object',
          result: { success: false, error_messages: messagesOf(fault) },
        })
      : undefined,
}

/** True for a type of the Web Services API, in camel case; those of the Automation API are in capitals. */
const isWebServicesFault = ({ code, details, params, transient, inTask }: Fault) =>
  /^[A-Z]\w*[a-z]/.test(code) && !inTask && details === undefined && params === undefined && transient === undefined

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const soapFault = ({ code, message = '' }: Fault) =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${escaped(message)}</faultstring><detail><${code}Fault xmlns="urn:vim25" xsi:type="${code}"></${code}Fault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`

/** The finer codes of bare statuses cannot be in a body. */
const isBare = ({ details = [] }: Fault) => details.some((detail) => detail.startsWith('HTTP_'))

/** A failure whose body is vCenter's own. */
function spoken(fault: Fault, write: (status: number) => VsphereReply): VsphereReply | undefined {
  const { status = 500, inTask = false } = fault
  return inTask || status < 400 || isBare(fault) || isWebServicesFault(fault) ? undefined : write(status)
}

/** A 200 with a failure. */
function answered(fault: Fault, reply: { readonly method: string; readonly url: string; readonly result: unknown }) {
  if (isBare(fault) || /^[A-Z]\w*[a-z]/.test(fault.code)) return undefined
  const { method, url, result } = reply
  return { status: 200, headers: json, body: JSON.stringify(result), request: { method, url } }
}

const plain = (fault: Fault, head: object) => JSON.stringify({ ...head, ...messageFields(fault) })

const wrapped = (fault: Fault, head: object) =>
  JSON.stringify({ type: typeOf(fault.code), value: { ...head, ...messageFields(fault) } })

const typeOf = (code: string) => (code.includes('.') ? code : `com.vmware.vapi.std.errors.${code.toLowerCase()}`)

const messageFields = (fault: Fault) => ({
  messages: messagesOf(fault),
  ...(fault.transient !== undefined && { data: { is_transient: fault.transient } }),
})

/** One message for each identifier; text and parameters belong to the first. */
function messagesOf({ details = [], message = '', params = [] }: Fault) {
  const poisoned = details[0] === 'SESSION_LOGIN_FAILED'
  const ids = poisoned ? ['vapi.bindings.method.impl.unexpected'] : details
  if (ids.length === 0 && message === '' && params.length === 0) return []
  const args = poisoned ? ['Rejecting login on a session where login failed'] : params
  const [first = '', ...causes] = ids
  return [{ args, default_message: message, id: first }, ...causes.map((id) => ({ args: [], default_message: '', id }))]
}

const typicalCodes: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  409: 'CONCURRENT_CHANGE',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
  504: 'TIMED_OUT',
}
