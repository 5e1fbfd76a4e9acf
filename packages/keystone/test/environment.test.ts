import { OptionsError } from '@holdfast/core/plugin'
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

  const { OS_PASSWORD: _, ...withoutPassword } = env
  it.each<[variables: Record<string, string | undefined>, option: string, problem: string]>([
    [{ ...env, OS_AUTH_URL: '' }, 'OS_AUTH_URL', 'is missing.'],
    [{ ...env, OS_AUTH_URL: 'u:hunter2@iam' }, 'OS_AUTH_URL', 'must be an absolute http or https URL'],
    [{ ...env, OS_AUTH_URL: 'https://iam/v2.0' }, 'OS_AUTH_URL', 'must lead to version 3 of the identity API.'],
    [{ ...env, OS_USERNAME: undefined }, 'OS_USERNAME', 'is missing: give `OS_USERNAME` or `OS_USER_ID`.'],
    [withoutPassword, 'OS_PASSWORD', 'is missing.'],
    [
      { ...withoutPassword, OS_PASWORD: 'hunter2' },
      'OS_PASSWORD',
      'is missing. `OS_PASWORD` is not known. Did you mean `OS_PASSWORD`?',
    ],
    [
      { ...env, OS_USER_DOMAIN_NAME: '' },
      'OS_USER_DOMAIN_NAME',
      'is missing: give `OS_USER_DOMAIN_NAME` or `OS_USER_DOMAIN_ID`.',
    ],
    [
      { ...env, OS_PROJECT_NAME: '' },
      'OS_PROJECT_ID',
      'is missing: give `OS_PROJECT_ID` or `OS_PROJECT_NAME`, as each token is for a project.',
    ],
    // A user by identifier, and a project by name, which needs a domain.
    [
      { ...env, OS_USER_DOMAIN_NAME: '', OS_USER_ID: 'u-1' },
      'OS_PROJECT_DOMAIN_NAME',
      'is missing: give `OS_PROJECT_DOMAIN_NAME` or `OS_PROJECT_DOMAIN_ID`.',
    ],
  ])('%# is refused by the name of the variable, and no secret is shown', (variables, option, problem) => {
    const read = () => fromEnvironment(variables)
    expect(read).toThrow(OptionsError)
    expect(read).toThrow(expect.objectContaining({ option }))
    expect(read).toThrow(`keystone: environment: option \`${option}\` ${problem}`)
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }))
  })
})

describe('an application credential in the environment', () => {
  const variables = {
    OS_AUTH_URL: 'https://iam.example/v3',
    OS_APPLICATION_CREDENTIAL_ID: 'a-1',
    OS_APPLICATION_CREDENTIAL_SECRET: 'hunter2',
  }
  const options = {
    authUrl: 'https://iam.example/v3',
    applicationCredentialId: 'a-1',
    applicationCredentialSecret: 'hunter2',
  }

  it.each([
    [variables],
    [{ ...variables, OS_AUTH_TYPE: 'v3applicationcredential' }],
    // As a project's own file leaves them behind.
    [{ ...variables, OS_PROJECT_ID: 'p-1', OS_USERNAME: 'u' }],
  ])('%o is read', (given) => {
    expect(fromEnvironment(given)).toEqual(options)
    expect(keystone(fromEnvironment(given)).issuer).toBe('https://iam.example')
  })

  it.each<[Record<string, string>, string, string]>([
    [{ ...variables, OS_AUTH_TYPE: 'v3token' }, 'OS_AUTH_TYPE', "must be one of 'password', 'v3password'"],
    [
      { ...variables, OS_APPLICATION_CREDENTIAL_ID: '' },
      'OS_APPLICATION_CREDENTIAL_ID',
      'OS_APPLICATION_CREDENTIAL_NAME',
    ],
    [
      {
        OS_AUTH_URL: variables.OS_AUTH_URL,
        OS_AUTH_TYPE: 'v3applicationcredential',
        OS_APPLICATION_CREDENTIAL_SECRT: 'x',
      },
      'OS_APPLICATION_CREDENTIAL_SECRET',
      'Did you mean `OS_APPLICATION_CREDENTIAL_SECRET`?',
    ],
  ])('%o is an error about %s', (given, option, problem) => {
    const read = () => fromEnvironment(given)
    expect(read).toThrow(OptionsError)
    expect(read).toThrow(option)
    expect(read).toThrow(problem)
    expect(read).not.toThrow('hunter2')
  })
})
