import type { Format } from './wire/call.ts'

/** Path and content type of each format. Requests have no other header, because a host accepts only one kibibyte of them. */
export const FORMATS: Readonly<Record<Format, { readonly path: string; readonly type: string }>> = {
  'json-rpc-1.0': { path: '/jsonrpc', type: 'application/json' },
  'json-rpc-2.0': { path: '/jsonrpc', type: 'application/json' },
  'xml-rpc': { path: '/', type: 'text/xml' },
}

/** The reply to a call, and the format that its host accepts. */
export interface SentCall<Reply> {
  readonly format: Format
  readonly reply: Reply
}

/**
 * The format that a pool accepts, for its logins and its calls. The first answer that proves a host too old for JSON holds for all
 * hosts, because those that read JSON accept XML as well.
 */
export class PoolFormat {
  readonly wanted: 'json' | 'xml' | 'auto'
  #isOld = false

  /** @param wanted `auto` is JSON, and XML once a host was too old for JSON. */
  constructor(wanted: 'json' | 'xml' | 'auto') {
    this.wanted = wanted
  }

  /** The format that is tried first. */
  get usual(): Format {
    return this.wanted === 'xml' || this.#isOld ? 'xml-rpc' : 'json-rpc-2.0'
  }

  /** Notes the format that a host has accepted. */
  learn(format: Format): void {
    if (format === 'xml-rpc' && this.wanted === 'auto') this.#isOld = true
  }

  /**
   * Sends a call, and sends it again in XML if the host is too old for JSON. A reply without a failure ends the call, whatever its
   * format: the call was done, and must not be sent again.
   */
  async send<Reply>(send: (format: Format) => Promise<Reply>): Promise<SentCall<Reply>> {
    const format = this.usual
    try {
      return { format, reply: await send(format) }
    } catch (error) {
      if (format === 'xml-rpc' || this.wanted === 'json' || !(await isFromOldHost(error))) throw error
    }
    this.learn('xml-rpc')
    return { format: 'xml-rpc', reply: await send('xml-rpc') }
  }
}

/** The members of a `VendorError` that are read. */
interface Failure {
  readonly response: Response
  readonly kind: string
  readonly code: string
  readonly status: number
  readonly mayBeDone: boolean
}

/**
 * True if a host was too old for JSON-RPC: it took the JSON for XML, could not read it, and said so in XML. Nothing was
 * done. Any other failure is about the call itself and must not be sent twice, least of all a refused password.
 */
async function isFromOldHost(error: unknown): Promise<boolean> {
  const { response, kind, code, status, mayBeDone } = (error ?? {}) as Partial<Failure>
  // A plugin may raise any code, but only with status 200.
  if (code === 'Xmlrpc.Parse_error') return status === 500
  if (response === undefined || response.bodyUsed || !isXml(response)) return false
  // If an answer says nothing about the call, only its format shows that the call was not read.
  if (code !== 'INTERNAL_ERROR' && (kind !== 'fatal' || mayBeDone)) return false
  return METHOD_RESPONSE.test(await response.clone().text())
}

/** The beginning of an answer in XML-RPC. A host that has read JSON answers in JSON, whatever content type it names. */
const METHOD_RESPONSE = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?<methodResponse[\s>]/

const isXml = ({ headers }: Response): boolean => /^text\/xml\b/i.test(headers.get('content-type') ?? '')
