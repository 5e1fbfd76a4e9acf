import { suggestion } from '@holdfast/core/plugin'
import { codeOf, type Known, loadAll, vendorNames } from './vendors.ts'

/** The vendors and codes that `[VENDOR] [CODE]...` names. */
export interface Selection {
  /** The vendor that is named. */
  readonly vendor: string | undefined
  /** That one, or all. */
  readonly known: readonly Known[]
  readonly codes: readonly string[]
  /** The message for a code that none of them lists. */
  complaintOf(code: string): string
}

/** Reads a selection; loads the vendors in it. */
export async function selectionOf(positionals: readonly string[]): Promise<Selection> {
  const vendor = vendorNames.find((name) => name === positionals[0])
  const known = await loadAll(vendor === undefined ? vendorNames : [vendor])
  const names = known.flatMap(({ catalogue }) => catalogue.rows.map(({ code }) => code))
  const codes = (vendor === undefined ? positionals : positionals.slice(1)).map((given) =>
    // A code of the vendor's own may be a number, too.
    names.includes(given) ? given : codeOf(given),
  )
  return {
    vendor,
    known,
    codes,
    complaintOf: (code) =>
      vendor === undefined
        ? `Nobody lists \`${code}\`.${suggestion(code, [...vendorNames, ...names])}`
        : `${vendor} does not list \`${code}\`.${suggestion(code, names)}`,
  }
}
