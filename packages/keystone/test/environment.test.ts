import { describe, expect, it } from 'vitest'
import { fromEnvironment, keystone } from '../src/index.ts'

const env = {
  OS_AUTH_URL: 'https://iam.example/v3',
  OS_USERNAME: 'operator',
  OS_PASSWORD: 'hunter2',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_NAME: 'eu-de',
}

describe('the environment', () => {
  it.each([
    [
      'names',
      env,
      { username: 'operator', userDomainName: 'Default', projectName: 'eu-de', projectDomainName: 'Default' },
    ],
    ['identifiers', { ...env, OS_USER_ID: 'u-1', OS_PROJECT_ID: 'p-1' }, { userId: 'u-1', projectId: 'p-1' }],
    [
      'domains of their own',
      { ...env, OS_USER_DOMAIN_ID: 'd-1', OS_PROJECT_DOMAIN_NAME: 'Other' },
      { username: 'operator', userDomainId: 'd-1', projectName: 'eu-de', projectDomainName: 'Other' },
    ],
    [
      'one domain for both',
      { ...env, OS_USER_DOMAIN_NAME: '', OS_DOMAIN_NAME: 'OTC00000000001' },
      {
        username: 'operator',
        userDomainName: 'OTC00000000001',
        projectName: 'eu-de',
        projectDomainName: 'OTC00000000001',
      },
    ],
    [
      'older names, and a region',
      { ...env, OS_PROJECT_NAME: undefined, OS_TENANT_NAME: 'eu-nl', OS_REGION_NAME: 'eu-nl' },
      {
        username: 'operator',
        userDomainName: 'Default',
        projectName: 'eu-nl',
        projectDomainName: 'Default',
        region: 'eu-nl',
      },
    ],
    [
      'an older identifier',
      { ...env, OS_TENANT_ID: 't-1' },
      { username: 'operator', userDomainName: 'Default', projectId: 't-1' },
    ],
  ])('may have %s', (_, variables, options) => {
    const read = fromEnvironment(variables)
    expect(read).toEqual({ authUrl: 'https://iam.example/v3', password: 'hunter2', ...options })
    expect(keystone(read).issuer).toBe('https://iam.example')
  })

  it.each([
    ['OS_AUTH_URL', 'no OS_AUTH_URL'],
    ['OS_USERNAME', 'no OS_USERNAME or OS_USER_ID'],
    ['OS_PASSWORD', 'no OS_PASSWORD'],
    ['OS_USER_DOMAIN_NAME', 'no OS_USER_DOMAIN_NAME or OS_USER_DOMAIN_ID'],
    ['OS_PROJECT_NAME', 'no OS_PROJECT_ID or OS_PROJECT_NAME'],
  ])('without %s is refused by name', (variable, text) => {
    expect(() => fromEnvironment({ ...env, [variable]: '' })).toThrow(text)
    expect(() => fromEnvironment({ ...env, [variable]: undefined })).toThrow(TypeError)
  })

  it('with a user by identifier needs a domain for a project by name', () => {
    expect(() => fromEnvironment({ ...env, OS_USER_DOMAIN_NAME: '', OS_USER_ID: 'u-1' })).toThrow(
      'no OS_PROJECT_DOMAIN_NAME or OS_PROJECT_DOMAIN_ID',
    )
  })
})
