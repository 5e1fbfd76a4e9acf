import { describe, expect, it, vi } from 'vitest'
import { fromClouds, keystone } from '../src/index.ts'

const text = `
common: &common
  auth_url: https://iam.example/v3
  user_domain_name: no
clouds:
  otc:
    auth:
      <<: *common
      username: operator
      project_name: 0123
  plain:
    region_name: RegionOne
    auth_type: v3password
    auth:
      auth_url: http://host/identity
      user_id: u-1
      password: $OS_PASSWORD
      project_id: p-1
  wide:
    auth: { auth_url: https://iam.example, username: u, password: p, user_domain_id: d, project_name: first }
    regions:
      - eu-de
      - name: eu-nl
        values: { auth: { project_name: second } }
  chosen:
    auth: { auth_url: https://iam.example, username: u, password: p, domain_name: D, project_name: first }
    region_name: eu-nl
    regions: [eu-de, eu-nl]
`
const secure = 'clouds: { otc: { auth: { password: 12345678901234567890 } }, plain: { auth: { project_id: p-2 } } }'

describe('a cloud', () => {
  it('is its file with the secure one laid over it, and everything is text', () => {
    expect(fromClouds(text, 'otc', secure)).toEqual({
      authUrl: 'https://iam.example/v3',
      username: 'operator',
      userDomainName: 'no',
      password: '12345678901234567890',
      projectName: '0123',
      projectDomainName: 'no',
    })
    expect(fromClouds(text, 'plain', secure)).toMatchObject({ projectId: 'p-2', userId: 'u-1' })
  })

  it('is taken as it stands: variables are not expanded', () => {
    const options = fromClouds(text, 'plain')
    expect(options).toEqual({
      authUrl: 'http://host/identity',
      userId: 'u-1',
      password: '$OS_PASSWORD',
      projectId: 'p-1',
      region: 'RegionOne',
    })
    expect(keystone(options).issuer).toBe('http://host')
  })

  it('has no value where null stands, unless that is quoted or tagged', () => {
    const one = (id: string, regions: string) =>
      fromClouds(
        `clouds: { c: { region_name: ~, regions: ${regions}, auth: { auth_url: https://iam.example, user_id: !!str null, password: 'null', project_id: ${id}, tenant_id: t } } }`,
        'c',
      )
    const expected = { authUrl: 'https://iam.example', userId: 'null', password: 'null', projectId: 't' }
    for (const id of ['null', 'Null', 'NULL', '~', '']) expect(one(id, 'null')).toEqual(expected)
    expect(one('nullable', '[eu-de]')).toMatchObject({ projectId: 'nullable', region: 'eu-de' })
  })

  it('may be called null', () => {
    const auth = '{ auth_url: https://iam.example, user_id: u, password: p, project_id: t }'
    expect(fromClouds(`clouds: { null: { auth: ${auth} } }`, 'null')).toMatchObject({ projectId: 't' })
  })

  it('of several regions is that which it names, or the first', () => {
    expect(fromClouds(text, 'wide')).toMatchObject({ region: 'eu-de', projectName: 'first', projectDomainId: 'd' })
    expect(fromClouds(text.replace('      - eu-de\n', ''), 'wide')).toMatchObject({
      region: 'eu-nl',
      projectName: 'second',
    })
    expect(fromClouds(text, 'chosen')).toMatchObject({ region: 'eu-nl', userDomainName: 'D', projectDomainName: 'D' })
  })

  it('may be written as JSON', () => {
    const auth = { auth_url: 'https://iam.example', user_id: 'u', password: 'p', tenant_id: 't' }
    expect(fromClouds(JSON.stringify({ clouds: { c: { auth } } }), 'c')).toMatchObject({ projectId: 't' })
  })
})

describe('a mistake', () => {
  const auth = '{ auth_url: https://iam.example, username: u, password: hunter2, user_domain_id: d, project_id: p }'

  it.each([
    ['no such cloud', text, 'nowhere', 'clouds.yaml: there is no `clouds.nowhere`; there are otc, plain, wide, chosen'],
    ['a name of every object', text, 'constructor', 'there is no `clouds.constructor`'],
    ['no clouds', '', 'otc', 'clouds.yaml: there is no `clouds.otc`; there are none'],
    ['a list', '- otc', 'otc', 'clouds.yaml is no mapping'],
    ['clouds that are a list', 'clouds: [otc]', 'otc', 'clouds.yaml: `clouds` is no mapping'],
    ['a cloud that is a text', 'clouds: { otc: here }', 'otc', 'cloud `otc` is no mapping'],
    ['auth that is a text', 'clouds: { otc: { auth: here } }', 'otc', '`auth` is no mapping'],
    ['no password', text, 'otc', 'clouds.yaml: cloud `otc` has no `auth.password`.'],
    [
      'an empty password',
      `clouds: { c: { auth: { ...x, password: } } }`.replace('...x, ', 'auth_url: "https://iam.example", user_id: u, '),
      'c',
      '`auth.password`',
    ],
    [
      'a list for a name',
      `clouds: { c: { auth: ${auth.replace('username: u', 'username: [u]')} } }`,
      'c',
      '`auth.username` is no text',
    ],
    [
      'another way in',
      `clouds: { c: { auth_type: v3applicationcredential, auth: ${auth} } }`,
      'c',
      '`auth_type` is v3applicationcredential',
    ],
    [
      'a profile',
      'clouds: { c: { profile: otc, auth: { username: u } } }',
      'c',
      '`auth.auth_url`; profiles are not looked up',
    ],
    [
      'a region that is not there',
      `clouds: { c: { region_name: b, regions: [a], auth: ${auth} } }`,
      'c',
      '`regions` has no b; there are a',
    ],
    ['no region at all', `clouds: { c: { regions: [], auth: ${auth} } }`, 'c', '`regions` has no member'],
    ['regions that are a text', `clouds: { c: { regions: a, auth: ${auth} } }`, 'c', '`regions` is no list'],
    [
      'a region without a name',
      `clouds: { c: { regions: [{ values: {} }], auth: ${auth} } }`,
      'c',
      'one of `regions` has no `name`',
    ],
    [
      'null for a password',
      `clouds: { c: { profile: ~, auth: ${auth.replace('hunter2', 'null')} } }`,
      'c',
      'cloud `c` has no `auth.password`.',
    ],
    [
      'a mapping for a key',
      'clouds: { c: { ? { password: hunter2 } : x } }',
      'c',
      'clouds.yaml has a key that is no text',
    ],
    ['an alias to one', 'x: &x [hunter2]\nclouds: { c: { *x : y } }', 'c', 'clouds.yaml has a key that is no text'],
    ['broken lines', `clouds:\n  c:\n    auth: ${auth}\n   password: hunter2`, 'c', 'clouds.yaml is no YAML: '],
    ['an alias to nowhere', `clouds: { c: *none }`, 'c', 'clouds.yaml cannot be read'],
  ])('such as %s is told by file and key, and without a secret', (_, clouds, name, message) => {
    expect(() => fromClouds(clouds, name)).toThrow(TypeError)
    expect(() => fromClouds(clouds, name)).toThrow(message)
    expect(() => fromClouds(clouds, name)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })

  it('goes to its caller alone', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
    expect(() => fromClouds('clouds: { ? { password: hunter2 } : !odd x }', 'c')).toThrow(TypeError)
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  it('in the secure file is told by its name', () => {
    expect(() => fromClouds(text, 'otc', 'clouds: [')).toThrow('secure.yaml is no YAML')
    expect(() => fromClouds(text, 'otc', 'clouds: {}')).toThrow('has no `auth.password`, nor has secure.yaml')
  })

  it('that would fill the memory is refused', () => {
    const levels = Array.from({ length: 12 }, (_, at) => `l${at + 1}: &l${at + 1} [${Array(10).fill(`*l${at}`)}]`)
    expect(() => fromClouds(['l0: &l0 x', ...levels, 'clouds: {}'].join('\n'), 'otc')).toThrow('cannot be read')
  })
})
