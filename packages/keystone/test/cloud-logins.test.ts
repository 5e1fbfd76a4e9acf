import { describe, expect, it } from 'vitest'
import { fromClouds } from '../src/index.ts'

describe('an application credential', () => {
  const cloud = (auth: string, rest = '') =>
    `clouds: { c: { ${rest} auth: { auth_url: https://iam.example/v3, ${auth} } } }`
  const secret = 'application_credential_secret: 0042'
  const found = { authUrl: 'https://iam.example/v3', applicationCredentialSecret: '0042' }

  it.each([
    [cloud(`application_credential_id: 00a1, ${secret}`), { applicationCredentialId: '00a1' }],
    [
      cloud(
        `application_credential_id: 00a1, ${secret}, project_id: p, username: u, password: p`,
        'auth_type: v3applicationcredential,',
      ),
      { applicationCredentialId: '00a1' },
    ],
    [
      cloud(`application_credential_name: ops, ${secret}, username: u, user_domain_name: d`),
      { applicationCredentialName: 'ops', username: 'u', userDomainName: 'd' },
    ],
    [
      cloud(`application_credential_name: ops, ${secret}, user_id: u-1`),
      { applicationCredentialName: 'ops', userId: 'u-1' },
    ],
  ])('in %s is read', (text, options) => {
    expect(fromClouds(text, 'c')).toEqual({ ...found, ...options })
  })

  it('may have its secret in a file of its own', () => {
    const open = cloud('application_credential_id: a', 'region_name: eu-de,')
    expect(fromClouds(open, 'c', `clouds: { c: { auth: { ${secret} } } }`)).toEqual({
      ...found,
      applicationCredentialId: 'a',
      region: 'eu-de',
    })
  })

  it('is not taken where the file says that it is a password', () => {
    const both = cloud(`${secret}, user_id: u, password: p, project_id: p-1`, 'auth_type: password,')
    expect(fromClouds(both, 'c')).toEqual({
      authUrl: 'https://iam.example/v3',
      userId: 'u',
      password: 'p',
      projectId: 'p-1',
    })
  })
})

describe('a profile', () => {
  const profiles = `
public-clouds:
  otc:
    auth: { auth_url: https://iam.example/v3, user_domain_name: Default }
    regions: [eu-de, { name: eu-nl, values: { auth: { auth_url: https://iam.nl.example/v3 } } }]
  broken: []
`
  const cloud = (rest = '') =>
    `clouds: { c: { profile: otc, ${rest} auth: { username: u, password: 0042, project_id: p } } }`
  const read = (text: string) => fromClouds(text, 'c', undefined, profiles)

  it('says what the cloud does not say', () => {
    expect(read(cloud())).toEqual({
      authUrl: 'https://iam.example/v3',
      username: 'u',
      userDomainName: 'Default',
      password: '0042',
      projectId: 'p',
      region: 'eu-de',
    })
    expect(read(cloud('region_name: eu-nl,'))).toMatchObject({ authUrl: 'https://iam.nl.example/v3', region: 'eu-nl' })
    expect(read(cloud().replace('username:', 'user_domain_name: own, username:'))).toMatchObject({
      userDomainName: 'own',
    })
  })

  it('that is not there says nothing, and one that is no mapping is an error', () => {
    expect(() => read(cloud().replace('otc', 'ovh'))).toThrow(
      '`clouds.c.auth.auth_url` is missing; the profile does not',
    )
    expect(() => read(cloud().replace('otc', 'broken'))).toThrow('`public-clouds.broken` must be a mapping')
    expect(() => fromClouds(cloud(), 'c', undefined, 'public-clouds: [')).toThrow('keystone: clouds-public.yaml: ')
  })
})
