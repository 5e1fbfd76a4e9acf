import { catalogue } from './catalogue.ts'

/** Most characters of a text that are searched for a carried code. */
const LOOKED_AT = 4_096

/** A code as XAPI spells its own. */
const CODE = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g

/** An exception of xenopsd or the storage layer, as it is printed: `Xenopsd_error([S(Name);…])`, `Storage_error(Name …)`. */
const EXCEPTION = /\b(?:Xenopsd_error|Storage_error)\s*\(\s*(?:\[?\s*S\()?([A-Z]\w*)/

/**
 * The code that an `INTERNAL_ERROR` carries in its text: an error of XAPI's own at any position (`Caught exception: VDI_IO_ERROR: [
 * … ]`), or the name of an exception (xapi-project/xen-api ocaml/xapi/exnHelper.ml, storage_utils.ml).
 */
export function carriedCode(code: string, params: readonly unknown[]): string | undefined {
  if (code !== 'INTERNAL_ERROR') return undefined
  const text = params.map(String).join(' ').slice(0, LOOKED_AT)
  const known = text.match(CODE)?.find((word) => word !== code && catalogue.find({ code: word }) !== undefined)
  return known ?? EXCEPTION.exec(text)?.[1]
}
