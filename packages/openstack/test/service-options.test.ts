import { OptionsError, type SessionSource } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { checkServiceOptions, type ServiceOptions } from '../src/index.ts'

const url = 'https://service.example'
const auth: SessionSource = {
  credentials: () => ({ username: 'u', password: 'hunter2' }),
  open: async () => ({ secrets: [] }),
  sign: () => {},
}
// As a caller without types would write it.
const untyped = (options: unknown) => checkServiceOptions('compute', options as ServiceOptions, {})

it.each([
  [url, url],
  ['https://SERVICE.example:443/', url],
  [`${url}/v2/b942cc8342734d15bcb246babb1953cf`, url],
  [new URL('http://10.0.0.1:8080'), 'http://10.0.0.1:8080'],
])('the origin of %s is %s', (given, origin) => {
  expect(checkServiceOptions('compute', { url: given, auth }, {})).toEqual({ origin, auth })
})

it('none need be given', () => {
  expect(untyped({})).toEqual({ origin: undefined, auth: undefined })
})

describe('a wrong option', () => {
  it.each([
    [{ url, user: 'u' }, '`user` is not known'],
    [{ url, failedBackups: 'throw' }, '`failedBackups` is not known'],
    [{ url: 'service.example' }, '`url` must be an absolute http or https URL'],
    [{ url: 'ftp://service.example' }, '`url` must be an absolute http or https URL'],
    [{ url: 'https://u:hunter2@service.example' }, '`url` must not carry credentials'],
    [{ url: `${url}/?a=b` }, '`url` must be without query'],
    [{ auth }, '`auth` needs `url`'],
    [{ url, auth: { username: 'u', password: 'hunter2' } }, '`auth` must be a source of sessions'],
    [{ url, auth: null }, '`auth` must be a source of sessions'],
  ])('%o is refused', (options, text) => {
    expect(() => untyped(options)).toThrow(OptionsError)
    expect(() => untyped(options)).toThrow(`compute: option ${text}`)
    expect(() => untyped(options)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }))
  })
})
