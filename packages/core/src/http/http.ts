import type { Catalogue } from '../contract/catalogue.ts'
import type { Fault } from '../contract/fault.ts'
import { checkRuntime } from '../contract/look-up.ts'
import type { ErrorRow } from '../contract/row.ts'
import type { Vendor } from '../contract/vendor.ts'
import { httpRows } from './catalogue.ts'
import { parseBare } from './parse.ts'

/** The built-in vendor: bare status codes and transport errors, used where no vendor's own word is to be had. */
export const http = vendorOf(httpRows)

/** Each code has one row, and none refines another: a bundle without a vendor needs no more of a look-up. */
function vendorOf<const Rows extends readonly ErrorRow[]>(rows: Rows): Vendor<Rows[number]> {
  // This is done while core is imported, so it is the first that an old runtime is asked for.
  checkRuntime()
  const byCode = new Map<string, Rows[number]>(rows.map((row) => [row.code, Object.freeze(row)]))
  const find = ({ code }: Pick<Fault, 'code'>) => byCode.get(code)
  const catalogue: Catalogue<Rows[number]> = Object.freeze({ vendor: 'http', rows: Object.freeze(rows), find })
  return Object.freeze({ name: 'http', catalogue, parse: parseBare })
}
