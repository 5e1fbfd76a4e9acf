import { expect, it, vi } from 'vitest'
import { resilient } from '../src/index.ts'
import { defineCatalogue, defineVendor } from '../src/plugin.ts'

it('a runtime that is too old is told so when the package is imported, where the first catalogue is made', () => {
  vi.stubGlobal('Map', class extends Map {})
  Object.assign(Map, { groupBy: undefined })
  expect(() => defineCatalogue('depot', [{ code: 'A', kind: 'fatal', outcome: 'rejected', hint: 'B' }])).toThrow(
    '@holdfast/core needs Node.js 22 or later, or another runtime of ES2024.',
  )
})

const row = { code: 'A', kind: 'retryable', outcome: 'rejected', pace: 'fast', hint: 'B', params: ['seconds'] }

it.each([
  [{ kind: 'retriable' }, 'the `kind` of A must be retryable or auth or conflict or fatal, got retriable.'],
  [{ outcome: 'reject' }, 'the `outcome` of A must be rejected or unknown, got reject.'],
  [{ outcome: undefined }, 'the `outcome` of A must be rejected or unknown, got undefined.'],
  [{ pace: undefined }, 'the `pace` of A must be fast or slow, got undefined.'],
  [{ wait: { param: 'seconds', unit: 'seconds' } }, 'the `wait.unit` of A must be s or ms, got seconds.'],
  [{ wait: { param: 'delay', unit: 's' } }, 'the `param` of A must be seconds, got delay.'],
  [{ reroute: { param: 'host' }, params: [] }, 'the `param` of A must be in `params`, got host.'],
])('a row whose class is misspelt is refused where it is written, as nobody may repeat by it: %j', (change, why) => {
  const wrong = { ...row, ...change } as never
  expect(() => defineCatalogue('depot', [wrong])).toThrow(`Catalogue of depot: ${why}`)
})

it.each([
  [{ kind: 'fatal', pace: undefined }],
  [{ wait: { header: 'x-wait', unit: 'ms' } }],
  [{ wait: { param: 'seconds', unit: 's' }, reroute: { param: 'seconds' } }],
])('a row with less or more is one: %j', (change) => {
  expect(defineCatalogue('depot', [{ ...row, ...change } as never]).rows).toHaveLength(1)
})

it('rows alone are no catalogue', () => {
  const vendor = defineVendor({ name: 'depot', catalogue: [row] as never, parse: () => undefined })
  expect(() => resilient(fetch, { vendor })).toThrow('Option `vendor.catalogue` must be made by `defineCatalogue`')
})
