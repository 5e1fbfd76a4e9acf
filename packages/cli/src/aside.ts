import { codeOf, codeOfThrown, type Known, load, vendorNames } from './vendors.ts'
import type { Answers } from './wording.ts'

/** Words that are codes and nothing else: in parts, or with capitals in the middle. */
const TELLING = /_|\.\d|[a-z][A-Z]/
/** Vendors whose words everybody may write. */
const GENERAL: readonly string[] = ['http', 'bearer']

/** The codes that a text names and a vendor lists, as its clients and tools print them. */
export function codesIn(text: string, { catalogue }: Known): readonly string[] {
  const words = new Set(text.match(/\w[\w.]*\w/g))
  const spelt = [...words].flatMap((word) => [codeOf(word), word.slice(word.lastIndexOf('.') + 1)])
  return [...new Set(spelt)].filter((code) => TELLING.test(code) && catalogue.find({ code }) !== undefined)
}

/** A sentence about the codes that a text names; empty if it names none. */
export function codesTold(text: string, known: Known): string {
  return named(known.catalogue.vendor, codesIn(text, known))
}

/** The same of the codes of errors that `fetch` throws. */
export async function thrownTold(text: string): Promise<string> {
  const words = [...new Set(text.match(/\b[A-Z]\w*[A-Z]\b/g))]
  const codes: string[] = []
  for (const word of words) if ((await codeOfThrown(word)) !== undefined) codes.push(word)
  return named('http', codes)
}

const named = (vendor: string, [code, ...more]: readonly string[]): string =>
  code === undefined
    ? ''
    : ` It names a code: \`holdfast explain ${[vendor, code, ...more.slice(0, 2)].join(' ')}\` tells what that means.`

/** The vendor whose words a reply has, if it has none of the vendor's that was named. */
export async function otherVendorOf(
  { catalogue }: Known,
  answers: Answers,
  text: string,
  ask: (other: Known) => Promise<Answers>,
): Promise<string | undefined> {
  const isRead = (of: Answers) =>
    Object.values(of).some(({ verdict }) => verdict?.source === 'vendor' && text.includes(verdict.code))
  if (isRead(answers)) return undefined
  for (const name of vendorNames) {
    const other = name === catalogue.vendor || GENERAL.includes(name) ? undefined : await load(name)
    if (other !== undefined && isRead(await ask(other))) return name
  }
  return undefined
}
