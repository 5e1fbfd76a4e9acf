import type { Vendor } from '@holdfast/core/plugin'
import { PoolFormat } from './format-fallback.ts'
import type { XenApiOptions } from './options.ts'
import { makeVendor, type XenApiRow } from './vendor.ts'

export { catalogue, type XenApiCode } from './catalogue.ts'
export type { XenApiLogin, XenApiOptions } from './options.ts'
export { sessionPlaceholder } from './placeholder.ts'
export type { XenApiCredentials } from './session.ts'
export type { XenApiRow } from './vendor.ts'

/**
 * The XenAPI of a host or pool: its errors in every format, and its sessions if it is given credentials. A call contains
 * `sessionPlaceholder` where its session belongs.
 *
 * @example
 * const pool = resilient(fetch, { vendor: xenapi({ url: 'https://xen.example', username, password }) })
 * const body = JSON.stringify({ jsonrpc: '2.0', method: 'VM.get_all', params: [sessionPlaceholder], id: 1 })
 * const reply = await pool('https://xen.example/jsonrpc', { method: 'POST', body })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function xenapi(options: XenApiOptions = {}): Vendor<XenApiRow> {
  return makeVendor(options, new PoolFormat('auto'))
}
