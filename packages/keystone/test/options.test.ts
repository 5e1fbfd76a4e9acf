import { optionsSuite } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { type KeystoneOptions, keystone } from '../src/index.ts'

const authUrl = 'https://iam.example/v3'
const user = { username: 'operator', password: 'hunter2', userDomainName: 'Default' }
const full = { authUrl, ...user, projectId: 'p-1' }
// As a caller without types would write it.
const untyped = (options: Record<string, unknown>) => keystone(options as unknown as KeystoneOptions)

describe('credentials', () => {
  it.each([
    [full, { ...user, projectId: 'p-1' }],
    [
      { ...full, userId: 'u-1', projectName: 'unused' },
      { userId: 'u-1', password: 'hunter2', projectId: 'p-1' },
    ],
    [
      { authUrl, ...user, projectName: 'eu-de' },
      { ...user, projectName: 'eu-de', projectDomainName: 'Default' },
    ],
    [
      { authUrl, ...user, userDomainId: 'd-1', projectName: 'eu-de' },
      { username: 'operator', password: 'hunter2', userDomainId: 'd-1', projectName: 'eu-de', projectDomainId: 'd-1' },
    ],
    [
      { authUrl, ...user, userDomainId: 'd-1', projectName: 'eu-de', projectDomainName: 'Other' },
      {
        username: 'operator',
        password: 'hunter2',
        userDomainId: 'd-1',
        projectName: 'eu-de',
        projectDomainName: 'Other',
      },
    ],
  ])('of %o are %o', async (options, credentials) => {
    expect(await untyped(options).credentials()).toEqual(credentials)
  })

  const secret = { applicationCredentialSecret: 'hunter2' }
  it.each([
    [{ applicationCredentialId: 'a-1', ...secret }, undefined],
    [
      { applicationCredentialId: 'a-1', applicationCredentialName: 'unused', userId: 'unused', ...secret },
      { applicationCredentialId: 'a-1', ...secret },
    ],
    [{ applicationCredentialName: 'ops', userId: 'u-1', ...secret }, undefined],
    [{ applicationCredentialName: 'ops', username: 'u', userDomainName: 'd', ...secret }, undefined],
  ])('may be the application credential %o', async (login, credentials) => {
    expect(await untyped({ authUrl, ...login }).credentials()).toEqual(credentials ?? login)
  })

  it('may come from a function, with an address and a region that are not looked at', async () => {
    const passwords = ['old', 'new']
    const { credentials } = keystone({
      authUrl,
      credentials: async () => ({ ...full, region: 'eu-de', password: passwords.shift() ?? '' }),
    })
    expect(await credentials()).toEqual({ ...user, password: 'old', projectId: 'p-1' })
    expect(await credentials()).toEqual({ ...user, password: 'new', projectId: 'p-1' })
    await expect(async () => credentials()).rejects.toThrow('`credentials().password` must be a text')
  })

  it('show names and identifiers, and nothing else', async () => {
    const { publicFields, credentials } = keystone(full)
    const secret = Object.keys(await credentials()).filter((name) => !publicFields?.includes(name))
    expect(secret).toEqual(['password'])
  })
})

optionsSuite(
  { describe, test: it, expect },
  {
    vendor: 'keystone',
    create: keystone,
    wrong: [
      [undefined, '', 'must be an object, got undefined.'],
      [{ ...full, tenant: 't' }, 'tenant', 'is not known.'],
      [{ ...full, usrname: 'u' }, 'usrname', 'Did you mean `username`?'],
      [{ ...full, authUrl: 'iam.example' }, 'authUrl', 'must be an absolute'],
      [{ ...full, authUrl: undefined }, 'authUrl', 'is missing'],
      [{ ...full, authUrl: 'ftp://iam.example' }, 'authUrl', 'must be an absolute'],
      [{ ...full, authUrl: 'https://u:hunter2@iam.example' }, 'authUrl', 'must not carry credentials.'],
      [{ ...full, authUrl: 'https://iam.example/v3?x=1' }, 'authUrl', 'must be without query and fragment.'],
      [{ ...full, authUrl: 'https://iam.example/v2.0' }, 'authUrl', 'must lead to version 3'],
      [{ authUrl }, 'username', 'is missing: give `username` or `userId`.'],
      [{ ...full, username: undefined }, 'username', 'give `username` or `userId`'],
      [{ ...full, userDomainName: undefined }, 'userDomainName', 'needs `userDomainName` or `userDomainId`'],
      [{ ...full, password: undefined }, 'password', 'is missing'],
      [{ ...full, password: '' }, 'password', 'must be a text that is not empty, got an empty text.'],
      [{ ...full, password: 1234 }, 'password', 'must be a text that is not empty, got a value of type number.'],
      [{ ...full, userDomain: 'd' }, 'userDomain', 'is not known. Did you mean `userDomainName`?'],
      [{ ...full, projectId: undefined }, 'projectId', 'give `projectId` or `projectName`'],
      [{ ...full, projectId: 7 }, 'projectId', 'must be a text that is not empty, got a value of type number.'],
      [
        { authUrl, userId: 'u', password: 'hunter2', projectName: 'n' },
        'projectDomainName',
        'needs `projectDomainName` or',
      ],
      [{ authUrl, applicationCredentialId: 'a' }, 'applicationCredentialSecret', 'is missing.'],
      [
        { authUrl, applicationCredentialSecret: 'x' },
        'applicationCredentialId',
        'is missing: give `applicationCredentialId`',
      ],
      [{ authUrl, applicationCredentialName: 'a', applicationCredentialSecret: 'x' }, 'username', 'give `username` or'],
      [{ ...full, applicationCredentialId: 'a' }, 'password', 'contradicts the application credential'],
      [
        { authUrl, applicationCredentialId: 'a', applicationCredentialSecret: 'x', projectId: 'p' },
        'projectId',
        'contradicts the application credential',
      ],
      [{ ...full, region: 7 }, 'region', 'must be a text'],
      [{ ...full, credentials: () => full }, 'credentials', 'contradicts `username`: give one of them.'],
      [{ authUrl, credentials: 'hunter2' }, 'credentials', 'must be a function, got a value of type string.'],
      [{ authUrl, credentials: full }, 'credentials', 'must be a function, got an object.'],
    ],
  },
)
