import type { Catalogue, ParamOf, Spelt } from '../contract/catalogue.ts'
import { covers } from '../contract/look-up.ts'
import type { ErrorRow } from '../contract/row.ts'
import { isVendorError, type VendorError } from './vendor-error.ts'

/** An error with one of a catalogue's codes: its parameters go by the names of the code's signature, and may be missing. */
export type ErrorOf<Row extends ErrorRow, Code extends Row['code']> = VendorError<Spelt<Code>> & {
  readonly params: { readonly [Name in ParamOf<Row, Code>]?: unknown }
}

/**
 * True for an error of a catalogue's vendor, with this code if one is named: that of a row, of a family (`X_*`), or the
 * finer one of a row that refines another.
 *
 * @example
 * if (isErrorOf(catalogue, error, 'VM_BAD_POWER_STATE')) console.log(error.params.expected, error.params.actual)
 */
export function isErrorOf<Row extends ErrorRow, Code extends Row['code'] = Row['code']>(
  { vendor }: Catalogue<Row>,
  error: unknown,
  code?: Code,
): error is ErrorOf<Row, Code> {
  if (!isVendorError(error, vendor)) return false
  return code === undefined || covers(code, error.code) || error.detail === code
}
