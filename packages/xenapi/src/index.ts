import { defineVendor, type Vendor } from '@holdfast/core/plugin'
import { catalogue } from './catalogue.ts'
import { checkOptions, type XenApiOptions } from './options.ts'
import { parse } from './parse.ts'
import { isHostBound, isRelayed, isRepeatable, isRpc, isSafe, limits, mayFailLate, scope } from './requests.ts'
import { secretsIn } from './secrets.ts'
import { sessionSource } from './session.ts'
import { sniffer } from './wire/sniff.ts'

export { catalogue, type XenApiCode } from './catalogue.ts'
export type { XenApiLogin, XenApiOptions } from './options.ts'
export { sessionPlaceholder } from './placeholder.ts'
export type { XenApiCredentials } from './session.ts'

/** One row of XenAPI's catalogue. */
export type XenApiRow = (typeof catalogue)['rows'][number]

/**
 * The XenAPI of a host or pool: its errors in every format, and its sessions if it is given credentials. A call holds
 * `sessionPlaceholder` where its session is to stand.
 *
 * @example
 * const pool = resilient(fetch, { vendor: xenapi({ url: 'https://xen.example', username, password }) })
 * const body = JSON.stringify({ jsonrpc: '2.0', method: 'VM.get_all', params: [sessionPlaceholder], id: 1 })
 * const reply = await pool('https://xen.example/jsonrpc', { method: 'POST', body })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function xenapi(options: XenApiOptions = {}): Vendor<XenApiRow> {
  const { origins, credentials, ...settings } = checkOptions(options)
  return defineVendor({
    name: 'xenapi',
    catalogue,
    parse,
    scope,
    isSafe,
    isRepeatable,
    limits,
    mayRelay: isRelayed,
    needsRequestBody: isRpc,
    secretsIn,
    bodyNeed: (request) => (mayFailLate(request) ? sniffer(isRpc(request) ? 'answer' : 'reply') : 'none'),
    // Where a session of imports and exports may stand.
    secretHeaders: ['cookie'],
    ...(origins.length > 0 && { origins, endpoints: origins, isHostBound }),
    ...(credentials !== undefined && { auth: sessionSource(settings, credentials) }),
  })
}
