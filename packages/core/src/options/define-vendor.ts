import { LONGEST_TIMER } from '../contract/clock.ts'
import type { ErrorRow } from '../contract/row.ts'
import type { Sniff, Vendor } from '../contract/vendor.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../error/shown-value.ts'
import { answering, CHECKED, isAnd, isBoolean, isNumber, isText, isTexts, maybe, type Test } from './answer.ts'
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
function checkedVendor(vendor: Vendor): Vendor {
  const known = checked.get(vendor)
  if (known !== undefined) return known
  const { name, catalogue, origins, endpoints, secretHeaders, successes, auth } = vendor
  if (!isText(name)) throw new OptionsError('vendor.name', `must be a text, got ${kindOf(name)}.`)
  if (typeof catalogue?.find !== 'function')
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

/**
 * Checks a vendor's definition and freezes it. What its functions return is checked by the client that is given it.
 *
 * @throws {TypeError} naming the field at fault.
 */
export function defineVendor<Row extends ErrorRow>(vendor: Vendor<Row>): Vendor<Row> {
  if (!/^[a-z][a-z0-9-]*$/.test(vendor.name)) {
    throw new TypeError(
      `Vendor \`name\` must be lower-case letters, digits and dashes, got ${JSON.stringify(vendor.name)}.`,
    )
  }
  if (vendor.auth !== undefined && !vendor.origins?.length) {
    throw new TypeError(`Vendor ${vendor.name} has credentials but no \`origins\`: they would go to any host.`)
  }
  const stranger = vendor.endpoints?.find((endpoint) => !vendor.origins?.includes(endpoint))
  if (stranger !== undefined || vendor.endpoints?.length === 0) {
    throw new TypeError(
      `Vendor ${vendor.name}: \`endpoints\` must be some of its \`origins\`, got ${JSON.stringify(stranger)}.`,
    )
  }
  for (const origin of vendor.origins ?? []) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new TypeError(
        `Vendor ${vendor.name}: \`origins\` must hold origins such as "https://host:443", got ${JSON.stringify(origin)}.`,
      )
    }
  }
  if (Object.isExtensible(vendor)) Object.assign(vendor, { [CHECKED]: checkedVendor })
  return Object.freeze(vendor)
}
