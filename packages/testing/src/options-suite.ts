import { isOptionsError } from '@holdfast/core'
import { byAssertion, type TestFunctions } from './suite/functions.ts'

/** Wrong options, the path of the one that the error must name, and a part of its message. */
export type WrongOptions = readonly [options: unknown, option: string, problem: string]

/** The options of {@link optionsSuite}. */
export interface OptionsSuiteOptions {
  /** The vendor, as the errors name it. */
  readonly vendor: string
  /** Makes the vendor from its options. */
  readonly create: (options: never) => unknown
  /** Wrong options of this vendor, in addition to those that are wrong for every vendor. */
  readonly wrong: readonly WrongOptions[]
  /** The text of every secret in `wrong`. No error may show it. @default 'hunter2' */
  readonly secret?: string
}

/**
 * Checks that a vendor refuses wrong options with an `OptionsError` that names vendor and option and shows no secret.
 *
 * @example
 * optionsSuite({ describe, test, expect }, {
 *   vendor: 'acme',
 *   create: acme,
 *   wrong: [[{ url: 'acme.example' }, 'url', 'must be an absolute http or https URL']],
 * })
 */
export function optionsSuite(
  { describe, test, expect = byAssertion }: TestFunctions,
  { vendor, create, wrong, secret = 'hunter2' }: OptionsSuiteOptions,
): void {
  describe(`the options of ${vendor}`, () => {
    for (const [index, [options, option, problem]] of [...alwaysWrong(secret), ...wrong].entries()) {
      test(`${index + 1}: ${option || 'options'} ${problem}`, async () => {
        const expected = { type: 'OptionsError', option, namesVendor: true, problem, showsSecret: false }
        expect(errorOf(create, options, vendor, problem, secret)).toEqual(expected)
      })
    }
  })
}

const alwaysWrong = (secret: string): readonly WrongOptions[] => [
  [null, '', 'must be an object, got null.'],
  [secret, '', 'must be an object, got a value of type string.'],
  [[], '', 'must be an object, got an Array.'],
  [new Map(), '', 'must be an object, got a Map.'],
  [JSON.parse('{"__proto__": 1}'), '__proto__', 'is not known.'],
  [{ constructor: 1 }, 'constructor', 'is not known.'],
]

/** The facts of the error; its whole message if it is no `OptionsError`. */
function errorOf(
  create: (options: never) => unknown,
  options: unknown,
  vendor: string,
  problem: string,
  secret: string,
): object {
  try {
    create(options as never)
    return { type: 'none' }
  } catch (error) {
    const { message } = error as Error
    return {
      type: isOptionsError(error) ? 'OptionsError' : String(error),
      option: isOptionsError(error) ? error.option : undefined,
      namesVendor: message.startsWith(`${vendor}: `),
      problem: message.includes(problem) ? problem : message,
      showsSecret: message.includes(secret),
    }
  }
}
