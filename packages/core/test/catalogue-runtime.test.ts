import { expect, it, vi } from 'vitest'
import { defineCatalogue } from '../src/plugin.ts'

it('a runtime that is too old is told so when the package is imported, where the first catalogue is made', () => {
  vi.stubGlobal('Map', class extends Map {})
  Object.assign(Map, { groupBy: undefined })
  expect(() => defineCatalogue('depot', [{ code: 'A', kind: 'fatal', outcome: 'rejected', hint: 'B' }])).toThrow(
    '@holdfast/core needs Node.js 22 or later, or another runtime of ES2024.',
  )
})
