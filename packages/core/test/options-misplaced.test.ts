import { describe, expect, it } from 'vitest'
import { isOptionsError, type OptionsError, type ResilientOptions, resilient } from '../src/index.ts'
import { lodge } from './helpers/session-vendor.ts'
import { fine, stubFetch } from './helpers/stub-fetch.ts'

const refused = (make: () => unknown): OptionsError => {
  try {
    make()
  } catch (error) {
    if (isOptionsError(error)) return error
    throw error
  }
  return expect.unreachable('it was taken')
}

describe('a code in another spelling is refused, though it says its kind:', () => {
  const fatal = { kind: 'fatal' }
  it.each([
    ['503', 'HTTP_503'],
    ['5xx', 'HTTP_5XX'],
    ['http_503', 'HTTP_503'],
    ['HTTP_5xx', 'HTTP_5XX'],
    ['econnreset', 'ECONNRESET'],
  ])('%s', (code, meant) => {
    const error = refused(() => resilient(stubFetch(fine).fetch, { errors: { [code]: fatal } as never }))
    expect(error.option).toBe(`errors.${code}`)
    expect(error.problem).toBe(`is no code of http. Did you mean \`${meant}\`?`)
  })

  it('that of a vendor', () => {
    const options = { vendor: lodge(), errors: { room_taken: fatal } as never }
    expect(refused(() => resilient(stubFetch(fine).fetch, options)).problem).toContain('Did you mean `ROOM_TAKEN`?')
  })

  it('and by the compiler, where it is no code of anybody', () => {
    const options: ResilientOptions[] = [
      // @ts-expect-error codes are in capitals
      { errors: { http_503: { kind: 'fatal' } } },
      { errors: { HTTP_503: { kind: 'fatal' }, OUT_OF_STOCK: { kind: 'fatal' }, 'Shop.0042': { kind: 'conflict' } } },
    ]
    expect(refused(() => resilient(stubFetch(fine).fetch, options[0])).option).toBe('errors.http_503')
    expect(() => resilient(stubFetch(fine).fetch, options[1])).not.toThrow()
  })
})
