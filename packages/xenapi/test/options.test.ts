import { OptionsError } from '@holdfast/core/plugin'
import { describe, expect, it } from 'vitest'
import { type XenApiOptions, xenapi } from '../src/index.ts'

const url = 'https://xen.example'
const login = { username: 'root', password: 'secret' }
// As a caller without types would write it.
const untyped = (options: Record<string, unknown>) => xenapi(options as XenApiOptions)

describe('without credentials', () => {
  it('is the catalogue and nothing that logs in', () => {
    expect(xenapi()).not.toHaveProperty('auth')
    expect(xenapi()).not.toHaveProperty('origins')
    expect(xenapi()).not.toHaveProperty('endpoints')
  })

  it('knows the members of the pool all the same', () => {
    const origins = [url, 'https://xen-2.example']
    expect(xenapi({ url, members: ['https://xen-2.example'] })).toMatchObject({ origins, endpoints: origins })
  })
})

describe('with credentials', () => {
  it.each([
    ['https://xen.example', 'https://xen.example'],
    ['https://XEN.example:443/', 'https://xen.example'],
    ['https://[FD00::2]', 'https://[fd00::2]'],
    [new URL('http://10.0.0.1:8080'), 'http://10.0.0.1:8080'],
  ])('makes %s their home', (given, origin) => {
    expect(xenapi({ url: given, ...login })).toMatchObject({ origins: [origin], endpoints: [origin] })
  })

  it('makes every member their home, each once, the given one first', () => {
    const members = ['https://xen-3.example/', new URL('https://xen-2.example'), url]
    const origins = [url, 'https://xen-3.example', 'https://xen-2.example']
    expect(xenapi({ url, members, ...login })).toMatchObject({ origins, endpoints: origins })
  })

  it('takes a user name with a colon', async () => {
    const { auth } = xenapi({ url, username: 'DOMAIN:user', password: 'p' })
    expect(await auth?.credentials()).toEqual({ username: 'DOMAIN:user', password: 'p' })
  })

  it('asks a function each time', async () => {
    const passwords = ['old', 'new']
    const { auth } = xenapi({ url, credentials: async () => ({ username: 'u', password: passwords.shift() ?? '' }) })
    expect(await auth?.credentials()).toEqual({ username: 'u', password: 'old' })
    expect(await auth?.credentials()).toEqual({ username: 'u', password: 'new' })
  })

  it('checks what the function gives', async () => {
    const { auth } = xenapi({ url, credentials: () => ({ username: 'u', password: '' }) })
    await expect(auth?.credentials()).rejects.toThrow('`credentials().password` must be a text that is not empty')
    const nothing = untyped({ url, credentials: () => undefined })
    await expect(nothing.auth?.credentials()).rejects.toThrow('`credentials()` must be an object, got undefined.')
  })
})

describe('a wrong option', () => {
  it.each([
    [{ url, user: 'u' }, '`user`'],
    [{ url: 'xen.example', ...login }, '`url`'],
    [{ url: 'ftp://xen.example' }, '`url`'],
    [{ url: 'https://u:p@xen.example' }, '`url` must not carry credentials'],
    [{ url: 'https://xen.example/jsonrpc' }, '`url` must be an origin'],
    [{ url: 'https://xen.example/?a=b' }, '`url` must be without query'],
    [{ members: [url] }, '`url`'],
    [{ url, members: url }, '`members` must be a list'],
    [{ url, members: ['10.0.0.2'] }, '`members[0]`'],
    [{ url, members: ['https://u:p@xen-2.example'] }, '`members[0]` must not carry credentials'],
    [{ url, members: ['https://xen-2.example/jsonrpc'] }, '`members[0]` must be an origin'],
    [{ url, members: ['http://xen-2.example'] }, '`members[0]` must have the scheme of `url`'],
    [login, '`url`'],
    [{ url, username: 'u' }, '`password`'],
    [{ url, password: 'p' }, '`username`'],
    [{ url, username: '', password: 'p' }, '`username`'],
    [{ url, ...login, credentials: () => login }, '`credentials` contradicts `username`'],
    [{ url, credentials: login }, '`credentials` must be a function'],
    [{ url, ...login, originator: '' }, '`originator`'],
    [{ url, ...login, discoverMembers: 'yes' }, '`discoverMembers`'],
    [{ url, discoverMembers: true }, '`discoverMembers`'],
  ])('%o is refused', (options, text) => {
    expect(() => untyped(options)).toThrow(TypeError)
    expect(() => untyped(options)).toThrow(text)
  })

  it('is never repeated together with a secret', () => {
    const attempt = () => untyped({ url: 'https://u:hunter2@xen.example', username: 'a', password: 'hunter2' })
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
    [{ url, member: [] }, 'member', 'Did you mean `members`?'],
    [{ url, members: [url, 'x'] }, 'members[1]', 'must be an absolute http or https URL'],
  ])('%# names vendor and option', (options, option, text) => {
    const error = refused(options)
    expect(error).toBeInstanceOf(OptionsError)
    expect(error).toMatchObject({ option, message: expect.stringMatching(/^xenapi: /) })
    expect(error).toMatchObject({ message: expect.stringContaining(text) })
  })
})
