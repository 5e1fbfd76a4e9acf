import { optionsSuite } from '@holdfast/testing'
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
  ])('sends them for %s to that origin only', (given, origin) => {
    expect(xenapi({ url: given, ...login })).toMatchObject({ origins: [origin], endpoints: [origin] })
  })

  it('sends them to every member, each once, the given one first', () => {
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

optionsSuite(
  { describe, test: it, expect },
  {
    vendor: 'xenapi',
    create: xenapi,
    wrong: [
      [{ url, user: 'u' }, 'user', 'is not known.'],
      [{ url, usrname: 'u', password: 'hunter2' }, 'usrname', 'is not known. Did you mean `username`?'],
      [{ url, member: [] }, 'member', 'Did you mean `members`?'],
      [{ url: 'xen.example', ...login }, 'url', 'must be an absolute http or https URL'],
      [{ url: 'ftp://xen.example' }, 'url', 'must be an absolute http or https URL'],
      [{ url: 5 }, 'url', 'must be an absolute http or https URL'],
      [{ url: 'https://u:hunter2@xen.example', ...login }, 'url', 'must not carry credentials.'],
      [{ url: 'https://xen.example/jsonrpc' }, 'url', 'must be an origin, without a path.'],
      [{ url: 'https://xen.example/?a=b' }, 'url', 'must be without query and fragment.'],
      [{ members: [url] }, 'members', 'needs `url`.'],
      [{ url, members: url }, 'members', 'must be a list'],
      [{ url, members: ['10.0.0.2'] }, 'members[0]', 'must be an absolute http or https URL'],
      [{ url, members: [url, 'x'] }, 'members[1]', 'must be an absolute http or https URL'],
      [{ url, members: ['https://u:hunter2@xen-2.example'] }, 'members[0]', 'must not carry credentials.'],
      [{ url, members: ['https://xen-2.example/jsonrpc'] }, 'members[0]', 'must be an origin, without a path.'],
      [{ url, members: ['http://xen-2.example'] }, 'members[0]', 'must have the scheme of `url`'],
      [login, 'username', 'needs `url`.'],
      [{ url, username: 'u' }, 'password', 'is missing.'],
      [{ url, password: 'hunter2' }, 'username', 'is missing.'],
      [{ url, username: '', password: 'hunter2' }, 'username', 'must be a text that is not empty, got an empty text.'],
      [
        { url, username: 'u', password: 1234 },
        'password',
        'must be a text that is not empty, got a value of type number.',
      ],
      [{ url, ...login, credentials: () => login }, 'credentials', 'contradicts `username`: give one of them.'],
      [{ url, credentials: 'hunter2' }, 'credentials', 'must be a function, got a value of type string.'],
      [{ url, credentials: login }, 'credentials', 'must be a function, got an object.'],
      [{ url, ...login, originator: '' }, 'originator', 'must be a text'],
      [{ url, ...login, discoverMembers: 'yes' }, 'discoverMembers', 'must be a boolean'],
      [{ url, discoverMembers: true }, 'discoverMembers', 'give `username` and `password`.'],
    ],
  },
)
