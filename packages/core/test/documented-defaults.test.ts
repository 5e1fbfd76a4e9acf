import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { BUDGET, breakerOptions, PAUSE } from '../src/options/options.ts'
import { overlay, TIMEOUT, TOTAL_TIMEOUT } from '../src/options/policy.ts'

const source = readFileSync(new URL('../src/contract/policy.ts', import.meta.url), 'utf8')

/** The defaults that the docblocks of an interface tell as plain values, by name. */
function documentedBy(name: string): Record<string, unknown> {
  const [, body = ''] = new RegExp(`export interface ${name}\\b[^\\n]*\\{\\n(.*?)^\\}`, 'ms').exec(source) ?? []
  const members = body.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s+readonly (\w+)\??:/gs)
  const defaults = [...members].flatMap(([, text = '', member = '']) => {
    const [, value] = /@default ([\d_.]+|true|false|'[^']*')/.exec(text) ?? []
    return value === undefined ? [] : [[member, JSON.parse(value.replaceAll('_', '').replaceAll("'", '"'))]]
  })
  return Object.fromEntries(defaults)
}

const policy = overlay({})

it.each<[string, object, number]>([
  ['BreakerOptions', breakerOptions(undefined), 8],
  ['BudgetOptions', BUDGET, 3],
  ['PauseOptions', PAUSE, 1],
  ['RetryOptions', { limit: policy.limit, jitter: 'full' }, 2],
  ['CallOptions', { ...policy, timeout: TIMEOUT, totalTimeout: TOTAL_TIMEOUT, hedge: policy.hedge ?? false }, 9],
])('%s documents the defaults that hold', (name, defaults, least) => {
  const documented = documentedBy(name)
  expect(Object.keys(documented).length).toBeGreaterThanOrEqual(least)
  expect(defaults).toMatchObject(documented)
})
