import { OptionsError, type SessionSource } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { type CsbsOptions, csbs } from '../src/index.ts'

const auth: SessionSource = {
  credentials: () => ({ username: 'u', password: 'hunter2' }),
  open: async () => ({ secrets: [] }),
  sign: () => {},
}
// As a caller without types would write it.
const untyped = (options: Record<string, unknown>) => csbs(options as CsbsOptions)

describe('without a source of tokens', () => {
  it('is the catalogue and nothing that logs in', () => {
    expect(csbs()).not.toHaveProperty('auth')
    expect(csbs()).not.toHaveProperty('origins')
    expect(csbs({ url: 'https://csbs.example' })).toMatchObject({ origins: ['https://csbs.example'] })
  })
})

describe('with one', () => {
  it.each([
    ['https://csbs.example', 'https://csbs.example'],
    ['https://CSBS.example:443/', 'https://csbs.example'],
    ['https://csbs.example/v1/b942cc8342734d15bcb246babb1953cf', 'https://csbs.example'],
    [new URL('http://10.0.0.1:8080'), 'http://10.0.0.1:8080'],
  ])('makes %s the only place that sees a token', (url, origin) => {
    expect(csbs({ url, auth })).toMatchObject({ origins: [origin], auth, secretHeaders: ['x-auth-token'] })
  })
})

describe('a wrong option', () => {
  const url = 'https://csbs.example'
  it.each([
    [{ url, user: 'u' }, '`user`'],
    [{ url: 'csbs.example' }, '`url`'],
    [{ url: 'ftp://csbs.example' }, '`url`'],
    [{ url: 'https://u:hunter2@csbs.example' }, '`url` must not carry credentials'],
    [{ url: `${url}/?a=b` }, '`url` must be without query'],
    [{ auth }, '`auth` needs `url`'],
    [
      { url, auth: { username: 'u', password: 'hunter2' } },
      '`auth` must be a source of sessions, such as `keystone({ … })`',
    ],
    [{ url, auth: null }, '`auth` must be a source of sessions, such as `keystone({ … })`'],
    [{ url, failedBackups: true }, '`failedBackups`'],
  ])('%o is refused', (options, text) => {
    expect(() => untyped(options)).toThrow(TypeError)
    expect(() => untyped(options)).toThrow(text)
    expect(() => untyped(options)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }))
  })
})

describe('the error of a wrong option', () => {
  const refused = (options: unknown): unknown => {
    try {
      return untyped(options as Record<string, unknown>)
    } catch (error) {
      return error
    }
  }

  it.each<[unknown, string, string]>([
    [null, '', 'options must be an object, got null.'],
    ['hunter2', '', 'options must be an object, got a value of type string.'],
    [[], '', 'options must be an object, got an Array.'],
    [new Map(), '', 'options must be an object, got a Map.'],
    [JSON.parse('{"__proto__": 1}'), '__proto__', 'option `__proto__` is not known.'],
    [{ constructor: 1 }, 'constructor', 'option `constructor` is not known.'],
    [{ url: 'https://csbs.example', failedBackup: 'throw' }, 'failedBackup', 'Did you mean `failedBackups`?'],
    [{ url: 'https://csbs.example', failedBackups: 'trow' }, 'failedBackups', 'Did you mean `throw`?'],
    [{ url: 'https://csbs.example', auth: 'hunter2' }, 'auth', 'must be a source of sessions'],
    [{ auth }, 'auth', 'needs `url`.'],
  ])('%# names vendor and option', (options, option, text) => {
    const error = refused(options)
    expect(error).toBeInstanceOf(OptionsError)
    expect(error).toMatchObject({ option, message: expect.stringMatching(/^csbs: /) })
    expect(error).toMatchObject({ message: expect.stringContaining(text) })
  })
})
