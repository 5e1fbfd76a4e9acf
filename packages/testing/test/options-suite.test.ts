import { OptionsError } from '@holdfast/core'
import { expect, it } from 'vitest'
import { type OptionsSuiteOptions, optionsSuite } from '../src/index.ts'

const wrong: OptionsSuiteOptions['wrong'] = [[{ pier: 'hunter2' }, 'pier', 'must be a number']]

/** The names of the tests that fail for a function that makes a vendor. */
async function failuresOf(create: (options: Readonly<Record<string, unknown>>) => unknown): Promise<string[]> {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = []
  const functions = {
    describe: (_: string, body: () => void) => body(),
    test: (name: string, body: () => Promise<void>) => void tests.push({ name, body }),
  }
  optionsSuite(functions, { vendor: 'ferry', create, wrong })
  const failures: string[] = []
  for (const { name, body } of tests) await body().catch(() => failures.push(name))
  return failures
}

/** Refuses wrong options as a vendor must. */
function refuse(options: unknown): never {
  if (options === null) throw new OptionsError('', 'must be an object, got null.', 'ferry')
  if (typeof options !== 'object')
    throw new OptionsError('', `must be an object, got a value of type ${typeof options}.`, 'ferry')
  const type = Object.prototype.toString.call(options).slice('[object '.length, -1)
  if (type !== 'Object')
    throw new OptionsError('', `must be an object, got a${type === 'Array' ? 'n' : ''} ${type}.`, 'ferry')
  const [name = ''] = Object.keys(options)
  throw new OptionsError(name, name === 'pier' ? 'must be a number.' : 'is not known.', 'ferry')
}

/** A vendor with another error for the option of its own. */
const failing = (error: Error) => (options: Readonly<Record<string, unknown>>) => {
  if (options !== null && Object.hasOwn(options, 'pier')) throw error
  return refuse(options)
}

it('passes a vendor that refuses all of them', async () => {
  expect(await failuresOf(refuse)).toEqual([])
})

it('finds a vendor that takes anything', async () => {
  expect(await failuresOf(() => undefined)).toHaveLength(7)
})

it.each([
  ['is no OptionsError', new TypeError('ferry: option `pier` must be a number.')],
  ['names another option', new OptionsError('berth', 'must be a number.', 'ferry')],
  ['does not name the vendor', new OptionsError('pier', 'must be a number.')],
  ['names another problem', new OptionsError('pier', 'is wrong.', 'ferry')],
  ['shows a secret', new OptionsError('pier', 'must be a number, got "hunter2".', 'ferry')],
])('finds an error that %s', async (_, error) => {
  expect(await failuresOf(failing(error))).toEqual(['7: pier must be a number'])
})
