import { LONGEST_TIMER } from '../contract/clock.ts'
import type { Sniff, Vendor } from '../contract/vendor.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../error/shown-value.ts'
import { answering, isAnd, isBoolean, isNumber, isText, isTexts, maybe, type Test } from './answer.ts'
import { checkedSource } from './checked-source.ts'

const isTime = (value: unknown): boolean => isNumber(value) && value > 0 && value <= LONGEST_TIMER
const isLimits = isAnd({ timeout: maybe(isTime), totalTimeout: maybe(isTime) })
const isList = (value: unknown): boolean => Array.isArray(value)
// Other values are ignored where times are read.
const isFault = isAnd({
  code: isText,
  details: maybe(isTexts),
  status: maybe(isNumber),
  message: maybe(isText),
  params: maybe(isList),
  transient: maybe(isBoolean),
  inTask: maybe(isBoolean),
  settled: maybe(isBoolean),
  achieved: maybe(isBoolean),
})

type Asked = (...given: never[]) => unknown
type FunctionOf = { [Name in keyof Vendor]-?: NonNullable<Vendor[Name]> extends Asked ? Name : never }[keyof Vendor]

/** For each function of a vendor: the test of what it returns, and its description. */
const FUNCTIONS: Readonly<Record<string, readonly [Test, string]>> = {
  isHostBound: [isBoolean, 'true or false'],
  mayRelay: [isBoolean, 'true or false'],
  covers: [isBoolean, 'true or false'],
  operation: [maybe(isText), 'a text or undefined'],
  scope: [(value) => isText(value) && value !== '', 'a text that is not empty'],
  needsRequestBody: [isBoolean, 'true or false'],
  secretsIn: [isTexts, 'a list of texts'],
  isSafe: [maybe(isBoolean), 'true, false or undefined'],
  isRepeatable: [maybe(isBoolean), 'true, false or undefined'],
  success: [maybe(isAnd({ body: isText, contentType: isText })), 'a body with its type, or undefined'],
  hintFor: [maybe(isText), 'a text or undefined'],
  verifyWith: [maybe(isText), 'a text or undefined'],
  limits: [maybe(isLimits), 'times in milliseconds, above 0, or undefined'],
  bodyNeed: [
    (value) => value === 'none' || value === 'whole' || typeof value === 'function',
    "'none', 'whole' or a function",
  ],
  answersNoPage: [isBoolean, 'true or false'],
  parse: [maybe(isFault), 'a fault, which has a `code`, or undefined'],
} satisfies Record<FunctionOf, readonly [Test, string]>

const checked = new WeakMap<Vendor, Vendor>()

/**
 * Wraps a vendor so that what its functions return is checked. It returns the same object for the same vendor, because state is
 * kept by it.
 *
 * @throws {OptionsError} naming a member that is wrong.
 */
export function checkedVendor(vendor: Vendor): Vendor {
  const known = checked.get(vendor)
  if (known !== undefined) return known
  const { name, catalogue, origins, endpoints, secretHeaders, successes, auth } = vendor
  if (!isText(name)) throw new OptionsError('vendor.name', `must be a text, got ${kindOf(name)}.`)
  if (typeof catalogue?.find !== 'function' || Array.isArray(catalogue))
    throw new OptionsError('vendor.catalogue', `must be made by \`defineCatalogue\`, got ${kindOf(catalogue)}.`)
  const functions = Object.keys(FUNCTIONS).flatMap((hook) => {
    const own: unknown = vendor[hook as FunctionOf]
    if (own === undefined) return []
    if (typeof own !== 'function') throw new OptionsError(`vendor.${hook}`, `must be a function, got ${kindOf(own)}.`)
    const [test, wanted] = FUNCTIONS[hook] as readonly [Test, string]
    const asked = answering(name, hook, vendor, own as Asked, test, wanted)
    return [[hook, hook === 'bodyNeed' ? checkingSniff(name, asked) : asked]]
  })
  const same = {
    name,
    catalogue,
    ...(origins !== undefined && { origins }),
    ...(endpoints !== undefined && { endpoints }),
    ...(secretHeaders !== undefined && { secretHeaders }),
    ...(successes !== undefined && { successes }),
    ...(auth !== undefined && { auth: checkedSource(name, auth) }),
    ...Object.fromEntries(functions),
  } as Vendor
  checked.set(vendor, same)
  return same
}

const isWord = (value: unknown): boolean => value === 'fine' || value === 'fault' || value === 'more'

const checkingSniff =
  (name: string, ask: (...given: unknown[]) => unknown) =>
  (...given: unknown[]) => {
    const need = ask(...given)
    return typeof need === 'function'
      ? answering(name, 'bodyNeed()', undefined, need as Sniff, isWord, "'fine', 'fault' or 'more'")
      : need
  }
