import { describe, expect, expectTypeOf, it } from 'vitest'
import { isErrorOf, resilient } from '../src/index.ts'
import { defineCatalogue } from '../src/plugin.ts'
import { catalogue, depot, says } from './helpers/depot.ts'
import { stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://depot.example/belts/7'
const errorFrom = (code: string, params?: readonly string[], options: Parameters<typeof depot>[0] = {}) => {
  const { fetch } = stubFetch(says(code, params === undefined ? {} : { params }))
  return resilient(fetch, { vendor: depot(options), retry: 0 })(url).catch((error: unknown) => error)
}

describe('an error of a catalogue', () => {
  it('is known by its vendor, and by its code', async () => {
    const error = await errorFrom('PARCEL_LOCKED', ['p-1'])
    expect(isErrorOf(catalogue, error)).toBe(true)
    expect(isErrorOf(catalogue, error, 'PARCEL_LOCKED')).toBe(true)
    expect(isErrorOf(catalogue, error, 'LABEL_BAD')).toBe(false)
    expect(isErrorOf(defineCatalogue('other', catalogue.rows), error, 'PARCEL_LOCKED')).toBe(false)
    expect(isErrorOf(catalogue, new Error('PARCEL_LOCKED'))).toBe(false)
  })

  it('has the parameters of its signature, by name', async () => {
    const error = await errorFrom('PARCEL_LOCKED', ['p-1'])
    if (!isErrorOf(catalogue, error, 'PARCEL_LOCKED')) throw error
    expect(error.params.parcel).toBe('p-1')
    expectTypeOf(error.code).toEqualTypeOf<'PARCEL_LOCKED'>()
    expectTypeOf(error.params).toHaveProperty('parcel')
  })

  it('may be one of a family, or the finer word of a row that refines another', async () => {
    const families = defineCatalogue('depot', [
      { code: 'DISK_*', kind: 'fatal', outcome: 'rejected', params: ['slot'], hint: 'Change it.' },
      {
        code: 'DISK_HOT',
        refines: 'DISK_*',
        when: { includes: ['hot'] },
        kind: 'fatal',
        outcome: 'rejected',
        hint: 'Cool it.',
      },
    ])
    const changes = { catalogue: families as never }
    const plain = await errorFrom('DISK_7', ['a'], changes)
    expect([isErrorOf(families, plain, 'DISK_*'), isErrorOf(families, plain, 'DISK_HOT')]).toEqual([true, false])
    expect(isErrorOf(families, await errorFrom('DISK_7', ['too hot'], changes), 'DISK_HOT')).toBe(true)
  })
})

it('a finer row has the parameters of the code that it refines, by name', async () => {
  const finer = defineCatalogue('depot', [
    { code: 'BELT', kind: 'fatal', outcome: 'rejected', params: ['belt', 'text'], hint: 'Look at it.' },
    {
      code: 'BELT_TORN',
      refines: 'BELT',
      when: { param: 'text', includes: ['torn'] },
      kind: 'fatal',
      outcome: 'rejected',
      hint: 'Mend it.',
    },
  ])
  const { fetch } = stubFetch(says('BELT', { params: ['7', 'torn apart'] }))
  const error = await resilient(fetch, { vendor: depot({ catalogue: finer as never }) })(
    'https://depot.example/belts/7',
  ).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ detail: 'BELT_TORN', params: { belt: '7', text: 'torn apart' } })
})
