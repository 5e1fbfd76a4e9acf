import type { Fault } from '@holdfast/core/plugin'
import { failed, json, messageOf, type OpenStackReply, sharedWire, titles, type WriteFault } from './shared-wire.ts'

/** The shapes of the answers of OpenStack's services, and of the servers in front of them. */
export type OpenstackShape = keyof typeof sharedWire | 'neutron' | 'placement' | 'page' | 'plain' | 'webobJson' | 'bulk'

/** The form of a fault on the wire, by shape: the inverse of what the vendor reads. For tests and mock servers. */
export const wire: Readonly<Record<OpenstackShape, WriteFault>> = {
  ...sharedWire,

  /** `{"NeutronError": {"type": "NetworkInUse", "message": "…", "detail": ""}}` */
  neutron(fault) {
    const { code, status = 409 } = fault
    if (!/^[A-Z][A-Za-z0-9]+$/.test(code)) return undefined
    const key = code === 'NotImplementedError' ? code : 'NeutronError'
    return failed(fault, status, { [key]: { type: code, message: messageOf(fault), detail: '' } })
  },

  /** `{"errors": [{"status": 409, "title": "Conflict", "detail": "…", "code": "placement.concurrent_update"}]}` */
  placement(fault) {
    const { code, status = 409 } = fault
    const title = titles.get(code)
    if (!code.startsWith('placement.') && title?.status !== status) return undefined
    const named = code.startsWith('placement.') ? code : 'placement.undefined_code'
    const error = {
      status,
      title: title?.title ?? '',
      detail: `\n\n${messageOf(fault)}\n\n`,
      code: named,
      request_id: 'req-1',
    }
    return failed(fault, status, { errors: [error] })
  },

  /** The page that WebOb makes of an exception, as Glance sends it if a request accepts anything. */
  page: (fault) =>
    written(fault, 'text/html; charset=UTF-8', (status, message) => {
      const line = `${status.status} ${status.title}`
      const text = message.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
      return `<html>\n <head>\n  <title>${line}</title>\n </head>\n <body>\n  <h1>${line}</h1>\n  ${text}<br /><br />\n\n\n\n </body>\n</html>`
    }),

  /** The same as plain text. */
  plain: (fault) =>
    written(
      fault,
      'text/plain; charset=UTF-8',
      (status, message) => `${status.status} ${status.title}\n\n${message}\n\n   `,
    ),

  /** The same as JSON. */
  webobJson: (fault) =>
    written(fault, 'application/json', ({ status, title }, message) =>
      JSON.stringify({ message: `${message}<br /><br />\n\n\n`, code: `${status} ${title}`, title }),
    ),

  /** `{"Response Status": "400 Bad Request", "Errors": [["container/object", "409 Conflict"]]}` with 200: many things in one request. */
  bulk({ code, details = [], transient, inTask = false }) {
    const statuses = bulkStatuses[code]
    if (statuses === undefined || inTask || details.length > 0 || transient !== undefined) return undefined
    const [whole, part] = statuses
    const body = { 'Response Status': whole, 'Response Body': '', Errors: [['c/o', part]], 'Number Deleted': 1 }
    return {
      status: 200,
      headers: json,
      body: JSON.stringify(body),
      request: { method: 'POST', url: '/v1/AUTH_p?bulk-delete' },
    }
  },
}

const bulkStatuses: Readonly<Record<string, readonly [whole: string, part: string]>> = {
  PARTS_FAILED: ['400 Bad Request', '409 Conflict'],
  PARTS_UNAVAILABLE: ['502 Bad Gateway', '503 Service Unavailable'],
}

interface Status {
  readonly status: number
  readonly title: string
}

function written(
  fault: Fault,
  type: string,
  write: (status: Status, message: string) => string,
): OpenStackReply | undefined {
  const title = titles.get(fault.code)
  if (title === undefined || title.status !== (fault.status ?? title.status)) return undefined
  const reply = failed(fault, title.status, undefined)
  return reply && { ...reply, headers: { 'content-type': type }, body: write(title, messageOf(fault)) }
}
