import { OptionsError } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { type VsphereOptions, vsphere } from '../src/index.ts'

const url = 'https://vc.example'
const login = { username: 'administrator@vsphere.local', password: 'secret' }
// As a caller without types would write it.
const untyped = (options: Record<string, unknown>) => vsphere(options as VsphereOptions)

describe('without credentials', () => {
  it('is the catalogue and nothing that logs in', () => {
    expect(vsphere()).not.toHaveProperty('auth')
    expect(vsphere()).not.toHaveProperty('origins')
    expect(vsphere({ url })).toMatchObject({ origins: ['https://vc.example'] })
  })
})

describe('with credentials', () => {
  it.each([
    ['https://vc.example', 'https://vc.example'],
    ['https://VC.example:443/', 'https://vc.example'],
    [new URL('http://10.0.0.1:8080'), 'http://10.0.0.1:8080'],
  ])('makes %s the home of the credentials', (given, origin) => {
    expect(vsphere({ url: given, ...login }).origins).toEqual([origin])
  })

  it('gives them as they are', async () => {
    expect(await vsphere({ url, ...login }).auth?.credentials()).toEqual(login)
  })

  it('asks a function each time', async () => {
    const passwords = ['old', 'new']
    const { auth } = vsphere({ url, credentials: async () => ({ username: 'u', password: passwords.shift() ?? '' }) })
    expect(await auth?.credentials()).toEqual({ username: 'u', password: 'old' })
    expect(await auth?.credentials()).toEqual({ username: 'u', password: 'new' })
  })

  it('checks what the function gives', async () => {
    const { auth } = vsphere({ url, credentials: () => ({ username: 'u', password: '' }) })
    await expect(auth?.credentials()).rejects.toThrow('`credentials().password` must be a text that is not empty')
    const nothing = untyped({ url, credentials: () => undefined })
    await expect(nothing.auth?.credentials()).rejects.toThrow('`credentials()` must be an object, got undefined.')
  })
})

describe('a wrong option', () => {
  it.each([
    [{ url, user: 'u' }, '`user`'],
    [{ url: 'vc.example', ...login }, '`url`'],
    [{ url: 'ftp://vc.example' }, '`url`'],
    [{ url: 'https://u:p@vc.example' }, '`url` must not carry credentials'],
    [{ url: 'https://vc.example/api' }, '`url` must be an origin'],
    [{ url: 'https://vc.example/?a=b' }, '`url` must be without query'],
    [login, '`url`'],
    [{ url, username: 'u' }, '`password`'],
    [{ url, password: 'p' }, '`username`'],
    [{ url, username: '', password: 'p' }, '`username`'],
    [{ url, username: 'a:b', password: 'p' }, 'colon'],
    [{ url, ...login, credentials: () => login }, '`credentials` contradicts `username`'],
    [{ url, credentials: login }, '`credentials` must be a function'],
    [{ url, ...login, surface: 'soap' }, '`surface`'],
  ])('%o is refused', (options, text) => {
    expect(() => untyped(options)).toThrow(TypeError)
    expect(() => untyped(options)).toThrow(text)
  })

  it('is never repeated together with a secret', () => {
    const attempt = () => untyped({ url: 'https://u:hunter2@vc.example', username: 'a:b', password: 'hunter2' })
    expect(attempt).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }))
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
    [{ url, usrname: 'u', password: 'p' }, 'usrname', 'is not known. Did you mean `username`?'],
    [{ url: 5 }, 'url', 'must be an absolute http or https URL'],
    [
      { url, username: 'u', password: 1234 },
      'password',
      'must be a text that is not empty, got a value of type number.',
    ],
    [{ url, credentials: 'hunter2' }, 'credentials', 'must be a function, got a value of type string.'],
    [{ url, ...login, credentials: () => login }, 'credentials', 'contradicts `username`: give one of them.'],
    [login, 'username', 'needs `url`.'],
    [{ url, surface: 'resd' }, 'surface', 'Did you mean `rest`?'],
  ])('%# names vendor and option', (options, option, text) => {
    const error = refused(options)
    expect(error).toBeInstanceOf(OptionsError)
    expect(error).toMatchObject({ option, message: expect.stringMatching(/^vsphere: /) })
    expect(error).toMatchObject({ message: expect.stringContaining(text) })
  })
})
