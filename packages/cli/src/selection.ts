import { suggestion } from '@holdfast/core/plugin'
import { codeOf, codeOfThrown, type Known, loadAll, vendorNamed, vendorNames } from './vendors.ts'

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
  const vendor = vendorNamed(positionals[0])
  const known = await loadAll(vendor === undefined ? vendorNames : [vendor])
  const names = known.flatMap(({ catalogue }) => catalogue.rows.map(({ code }) => code))
  const spelt = async (given: string): Promise<string> => {
    // A code of the vendor's own may be a number, too.
    if (names.includes(given)) return given
    const code = codeOf(given)
    return known.some(({ catalogue }) => catalogue.find({ code })) ? code : ((await codeOfThrown(code)) ?? code)
  }
  const words = vendor === undefined ? positionals : positionals.slice(1)
  const codes = await Promise.all(words.map(spelt))
  const noVendor = words.length > 1 && vendor === undefined ? ` Vendors are ${vendorNames.join(', ')}.` : ''
  return {
    vendor,
    known,
    codes,
    complaintOf: (code) =>
      vendor === undefined
        ? `Nobody lists \`${code}\`.${suggestion(code, [...vendorNames, ...names]) || noVendor}`
        : `${vendor} does not list \`${code}\`.${suggestion(code, names)}`,
  }
}
