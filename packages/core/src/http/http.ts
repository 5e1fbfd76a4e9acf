import type { Catalogue } from '../contract/catalogue.ts'
import type { Fault } from '../contract/fault.ts'
import { checkRuntime } from '../contract/look-up.ts'
import type { ErrorRow } from '../contract/row.ts'
import type { Reply, Vendor } from '../contract/vendor.ts'
import { httpRows } from './catalogue.ts'
import { proxyCode } from './proxies.ts'

/** The built-in vendor: bare status codes and transport errors, for replies that no vendor has read. */
export const http = vendorOf(httpRows)

/** A vendor with the simplest look-up, because each code has one row and none refines another. That keeps bundles small. */
function vendorOf<const Rows extends readonly ErrorRow[]>(rows: Rows): Vendor<Rows[number]> {
  // This runs while core is imported, so it is the first thing that an old runtime does not know.
  checkRuntime()
  const byCode = new Map<string, Rows[number]>(rows.map((row) => [row.code, Object.freeze(row)]))
  const find = ({ code }: Pick<Fault, 'code'>) => byCode.get(code)
  const catalogue: Catalogue<Rows[number]> = Object.freeze({ vendor: 'http', rows: Object.freeze(rows), find })
  return Object.freeze({ name: 'http', catalogue, parse: parseBare })
}

/** Reads a bare reply: a proxy's message that proves that it passed nothing on, else the status alone. */
function parseBare(reply: Reply): Fault | undefined {
  const { status, text } = reply
  if (status < 400) return undefined
  const trimmed = text.trim()
  const message = trimmed === '' || trimmed.startsWith('<') ? {} : { message: trimmed }
  return { code: proxyCode(reply) ?? `HTTP_${status}`, status, ...message }
}
