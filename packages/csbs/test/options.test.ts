import type { SessionSource } from '@holdfast/core/plugin'
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
    [{ url: `${url}/?a=b` }, '`url` must have no query'],
    [{ auth }, '`auth` needs a home'],
    [{ url, auth: { username: 'u', password: 'hunter2' } }, '`auth` must be made by `keystone()`'],
    [{ url, auth: null }, '`auth` must be made by `keystone()`'],
    [{ url, failedBackups: true }, '`failedBackups`'],
  ])('%o is refused', (options, text) => {
    expect(() => untyped(options)).toThrow(TypeError)
    expect(() => untyped(options)).toThrow(text)
    expect(() => untyped(options)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }))
  })
})
