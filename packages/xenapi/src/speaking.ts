import type { Format } from './wire/call.ts'
import { skipLead } from './wire/lead.ts'

/** Where each format is spoken, and as what; no other header, for a host takes one kibibyte of them. */
export const speaking: Readonly<Record<Format, { readonly path: string; readonly type: string }>> = {
  'json-rpc-1.0': { path: '/jsonrpc', type: 'application/json' },
  'json-rpc-2.0': { path: '/jsonrpc', type: 'application/json' },
  'xml-rpc': { path: '/', type: 'text/xml' },
}

/**
 * What says that a host is too old for JSON-RPC: it takes JSON for XML that it cannot read, and says so in XML. Nothing
 * was done. Any other failure is the call's own: a refused password above all, which must not be tried a second time.
 */
async function isOfTooOld(error: unknown): Promise<boolean> {
  const { response, kind, code, status, mayBeDone } = (error ?? {}) as Partial<Failed>
  // A plugin may raise any code, but no page.
  if (code === 'Xmlrpc.Parse_error') return status === 500
  if (kind !== 'fatal' || mayBeDone || response === undefined || response.bodyUsed || !isXml(response)) return false
  // Whoever answers in JSON has read it, whatever he calls his answer.
  const text = await response.clone().text()
  return text[skipLead(text)] !== '{'
}

interface Failed {
  readonly response: Response
  readonly kind: string
  readonly code: string
  readonly status: number
  readonly mayBeDone: boolean
}

const isXml = ({ headers }: Response): boolean => /^text\/xml\b/i.test(headers.get('content-type') ?? '')

/**
 * Sends a call in JSON, or in XML to who is too old for that. What is no failure was done, in whatever format it is
 * answered, and is not sent again.
 *
 * @param isOld whether that is known already.
 */
export async function speak(
  send: (format: Format) => Promise<Response>,
  isOld: boolean,
): Promise<{ readonly format: Format; readonly reply: Response }> {
  if (!isOld) {
    try {
      return { format: 'json-rpc-2.0', reply: await send('json-rpc-2.0') }
    } catch (error) {
      if (!(await isOfTooOld(error))) throw error
    }
  }
  return { format: 'xml-rpc', reply: await send('xml-rpc') }
}
