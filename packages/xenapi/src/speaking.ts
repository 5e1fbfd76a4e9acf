import type { Format } from './wire/call.ts'

/** Where each format is spoken, and as what; no other header, for a host takes one kibibyte of them. */
export const speaking: Readonly<Record<Format, { readonly path: string; readonly type: string }>> = {
  'json-rpc-1.0': { path: '/jsonrpc', type: 'application/json' },
  'json-rpc-2.0': { path: '/jsonrpc', type: 'application/json' },
  'xml-rpc': { path: '/', type: 'text/xml' },
}

/**
 * What says that a host is too old for JSON-RPC: it takes JSON for XML that it cannot read, and says so. Nothing was
 * done. Any other failure is the call's own: a refused password above all, which must not be tried a second time.
 */
export function isOfTooOld(error: unknown): boolean {
  const { response, kind, code } = (error ?? {}) as { response?: Response; kind?: string; code?: string }
  return code === 'Xmlrpc.Parse_error' || (kind === 'fatal' && response !== undefined && isXml(response))
}

/** The other way of saying so. */
export const isXml = ({ headers }: Response): boolean => /^text\/xml\b/i.test(headers.get('content-type') ?? '')

/**
 * Sends a call in JSON, or in XML to who is too old for that.
 *
 * @param isOld whether that is known already.
 */
export async function speak(
  send: (format: Format) => Promise<Response>,
  isOld: boolean,
): Promise<{ readonly format: Format; readonly reply: Response }> {
  if (!isOld) {
    const reply = await send('json-rpc-2.0').catch((error: unknown) => {
      if (isOfTooOld(error)) return undefined
      throw error
    })
    if (reply !== undefined && !isXml(reply)) return { format: 'json-rpc-2.0', reply }
    await reply?.body?.cancel()
  }
  return { format: 'xml-rpc', reply: await send('xml-rpc') }
}
