import type { Format } from './wire/call.ts'

/** Path and content type of each format. Requests carry no other header, because a host takes one kibibyte of them. */
export const FORMATS: Readonly<Record<Format, { readonly path: string; readonly type: string }>> = {
  'json-rpc-1.0': { path: '/jsonrpc', type: 'application/json' },
  'json-rpc-2.0': { path: '/jsonrpc', type: 'application/json' },
  'xml-rpc': { path: '/', type: 'text/xml' },
}

/** The reply to a call, and the format that its host takes. */
export interface SentCall<Reply> {
  readonly format: Format
  readonly reply: Reply
}

/** Sends a call in the format that is wanted: `auto` falls back to XML. */
export async function sendAs<Reply>(
  wanted: 'json' | 'xml' | 'auto',
  send: (format: Format) => Promise<Reply>,
  isOld: boolean,
): Promise<SentCall<Reply>> {
  if (wanted === 'json') return { format: 'json-rpc-2.0', reply: await send('json-rpc-2.0') }
  return sendWithFallback(send, isOld || wanted === 'xml')
}

/**
 * Sends a call in JSON, and again in XML where the host is too old for JSON. A reply without failure ends the call,
 * whatever its format: the call was done and is not sent again.
 *
 * @param isOld true where the host is known to be too old.
 */
async function sendWithFallback<Reply>(
  send: (format: Format) => Promise<Reply>,
  isOld: boolean,
): Promise<SentCall<Reply>> {
  if (!isOld) {
    try {
      return { format: 'json-rpc-2.0', reply: await send('json-rpc-2.0') }
    } catch (error) {
      if (!(await isFromOldHost(error))) throw error
    }
  }
  return { format: 'xml-rpc', reply: await send('xml-rpc') }
}

/** The members of a `VendorError` that are looked at. */
interface Failure {
  readonly response: Response
  readonly kind: string
  readonly code: string
  readonly status: number
  readonly mayBeDone: boolean
}

/**
 * True where a host was too old for JSON-RPC: it took the JSON for XML, could not read it, and said so in XML. Nothing was
 * done. Any other failure is about the call itself and must not be sent twice, least of all a refused password.
 */
async function isFromOldHost(error: unknown): Promise<boolean> {
  const { response, kind, code, status, mayBeDone } = (error ?? {}) as Partial<Failure>
  // A plugin may raise any code, but only with status 200.
  if (code === 'Xmlrpc.Parse_error') return status === 500
  if (response === undefined || response.bodyUsed || !isXml(response)) return false
  // Of an answer that says nothing of the call only the form tells that it was not read.
  if (code !== 'INTERNAL_ERROR' && (kind !== 'fatal' || mayBeDone)) return false
  return METHOD_RESPONSE.test(await response.clone().text())
}

/** The beginning of an answer in XML-RPC. A host that has read JSON answers in JSON, whatever content type it names. */
const METHOD_RESPONSE = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?<methodResponse[\s>]/

const isXml = ({ headers }: Response): boolean => /^text\/xml\b/i.test(headers.get('content-type') ?? '')
