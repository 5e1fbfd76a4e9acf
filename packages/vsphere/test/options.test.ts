import { optionsSuite } from '@holdfast/testing'
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

it('that look like credentials are an error that tells their name', () => {
  expect(() => untyped({ url, user: 'u', password: 'p' })).toThrow('`user` is not known. Did you mean `username`?')
})

describe('with credentials', () => {
  it.each([
    ['https://vc.example', 'https://vc.example'],
    ['https://VC.example:443/', 'https://vc.example'],
    [new URL('http://10.0.0.1:8080'), 'http://10.0.0.1:8080'],
  ])('sends the credentials for %s to that origin only', (given, origin) => {
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

optionsSuite(
  { describe, test: it, expect },
  {
    vendor: 'vsphere',
    create: vsphere,
    wrong: [
      [{ url, user: 'u' }, 'user', 'is not known.'],
      [{ url, usrname: 'u', password: 'hunter2' }, 'usrname', 'is not known. Did you mean `username`?'],
      [{ url: 'vc.example', ...login }, 'url', 'must be an absolute http or https URL'],
      [{ url: 'ftp://vc.example' }, 'url', 'must be an absolute http or https URL'],
      [{ url: 5 }, 'url', 'must be an absolute http or https URL'],
      [{ url: 'https://u:hunter2@vc.example', ...login }, 'url', 'must not carry credentials.'],
      [{ url: 'https://vc.example/api' }, 'url', 'must be an origin, without a path.'],
      [{ url: 'https://vc.example/?a=b' }, 'url', 'must be without query and fragment.'],
      [login, 'username', 'needs `url`.'],
      [{ url, username: 'u' }, 'password', 'is missing.'],
      [{ url, password: 'hunter2' }, 'username', 'is missing.'],
      [{ url, username: '', password: 'hunter2' }, 'username', 'must be a text that is not empty, got an empty text.'],
      [
        { url, username: 'u', password: 1234 },
        'password',
        'must be a text that is not empty, got a value of type number.',
      ],
      [{ url, username: 'a:b', password: 'hunter2' }, 'username', 'must be without a colon: Basic cannot carry it.'],
      [{ url, ...login, credentials: () => login }, 'credentials', 'contradicts `username`: give one of them.'],
      [{ url, credentials: 'hunter2' }, 'credentials', 'must be a function, got a value of type string.'],
      [{ url, credentials: login }, 'credentials', 'must be a function, got an object.'],
      [{ url, ...login, surface: 'soap' }, 'surface', "must be one of 'api', 'rest'"],
      [{ url, surface: 'resd' }, 'surface', 'Did you mean `rest`?'],
    ],
  },
)
