import { OptionsError } from '@holdfast/core/plugin'
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
  const inCloud = (more: string) => `clouds: { c: { ${more}, auth: ${auth} } }`

  it.each<[about: string, clouds: string, name: string, option: string, problem: string]>([
    [
      'no such cloud',
      text,
      'plan',
      'clouds.plan',
      'is missing; there are otc, plain, wide, chosen. Did you mean `plain`?',
    ],
    ['a name of every object', text, 'constructor', 'clouds.constructor', 'is missing; there are otc, plain'],
    ['no clouds', '', 'otc', 'clouds.otc', 'is missing; there are none.'],
    ['a list', '- hunter2', 'otc', '', 'must be a mapping.'],
    ['clouds that are a list', 'clouds: [hunter2]', 'otc', 'clouds', 'must be a mapping, got an Array.'],
    [
      'a cloud that is a text',
      'clouds: { otc: hunter2 }',
      'otc',
      'clouds.otc',
      'must be a mapping, got a value of type string.',
    ],
    ['auth that is a text', 'clouds: { otc: { auth: hunter2 } }', 'otc', 'clouds.otc.auth', 'must be a mapping'],
    ['no password', text, 'otc', 'clouds.otc.auth.password', 'is missing.'],
    [
      'an empty password',
      `clouds: { c: { auth: ${auth.replace('hunter2', '')} } }`,
      'c',
      'clouds.c.auth.password',
      'is missing.',
    ],
    [
      'null for a password',
      `clouds: { c: { profile: ~, auth: ${auth.replace('hunter2', 'null')} } }`,
      'c',
      'clouds.c.auth.password',
      'is missing.',
    ],
    [
      'a wrong name of a key',
      `clouds: { c: { auth: ${auth.replace('password', 'pasword')} } }`,
      'c',
      'clouds.c.auth.password',
      'is missing. `clouds.c.auth.pasword` is not known. Did you mean `clouds.c.auth.password`?',
    ],
    [
      'a wrong name of one of two keys',
      `clouds: { c: { auth: ${auth.replace('project_id', 'projectid')} } }`,
      'c',
      'clouds.c.auth.project_id',
      'is missing: give `clouds.c.auth.project_id` or `clouds.c.auth.project_name`, as each token is for a project. `clouds',
    ],
    [
      'a list for a password',
      `clouds: { c: { auth: ${auth.replace('hunter2', '[hunter2]')} } }`,
      'c',
      'clouds.c.auth.password',
      'must be a text that is not empty, got an Array.',
    ],
    [
      'an address that is none',
      `clouds: { c: { auth: ${auth.replace('https:', 'u:hunter2@https:')} } }`,
      'c',
      'clouds.c.auth.auth_url',
      'must be an absolute http or https URL',
    ],
    [
      'a login without a password',
      inCloud('auth_type: v3oidcpassword'),
      'c',
      'clouds.c.auth_type',
      "must be one of 'password', 'v3password', 'v3applicationcredential', got \"v3oidcpassword\".",
    ],
    [
      'an application credential without its secret',
      inCloud('auth_type: v3applicationcredential'),
      'c',
      'clouds.c.auth.application_credential_secret',
      'is missing.',
    ],
    [
      'a profile',
      'clouds: { c: { profile: otc, auth: { username: u } } }',
      'c',
      'clouds.c.auth.auth_url',
      'is missing; the profile does not have it either.',
    ],
    [
      'a region that is not there',
      inCloud('region_name: eu-nl, regions: [eu-de]'),
      'c',
      'clouds.c.regions',
      'must have eu-nl; there are eu-de. Did you mean `eu-de`?',
    ],
    ['no region at all', inCloud('regions: []'), 'c', 'clouds.c.regions', 'must have a member; there are none.'],
    ['regions that are a text', inCloud('regions: a'), 'c', 'clouds.c.regions', 'must be a list.'],
    [
      'a region without a name',
      inCloud('regions: [a, { values: {} }]'),
      'c',
      'clouds.c.regions[1].name',
      'is missing.',
    ],
    ['a mapping for a key', 'clouds: { c: { ? { password: hunter2 } : x } }', 'c', '', 'must have texts for keys.'],
    ['an alias to one', 'x: &x [hunter2]\nclouds: { c: { *x : y } }', 'c', '', 'must have texts for keys.'],
    ['broken lines', `clouds:\n  c:\n    auth: ${auth}\n   password: hunter2`, 'c', '', 'must be YAML, got '],
    [
      'a cloud with a quotation mark too few',
      `clouds:\n  c":{"password":"hunter2","a": 1\n  d: {}`,
      'c',
      'clouds.c',
      'is missing; there are …, d.',
    ],
    [
      'a region with quotation marks',
      `clouds: { c: { region_name: b, regions: [a="hunter2"], auth: ${auth} } }`,
      'c',
      'clouds.c.regions',
      'must have b; there are …',
    ],
    ['an alias to nothing', `clouds: { c: *none }`, 'c', '', 'cannot be read: an alias points to nothing'],
  ])('such as %s is an error that names file and key and shows no secret', (_, clouds, name, option, problem) => {
    const error = errorOf(() => fromClouds(clouds, name))
    expect(error).toBeInstanceOf(OptionsError)
    const where = option === '' ? 'options' : `option \`${option}\``
    expect(error).toMatchObject({
      option,
      message: expect.stringContaining(`keystone: clouds.yaml: ${where} ${problem}`),
    })
    expect(error).toMatchObject({ message: expect.not.stringContaining('hunter2') })
  })

  it('goes to its caller alone', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
    expect(() => fromClouds('clouds: { ? { password: hunter2 } : !odd x }', 'c')).toThrow(TypeError)
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  it('in the secure file names that file, and one in both names both', () => {
    expect(() => fromClouds(text, 'otc', 'clouds: [')).toThrow('keystone: secure.yaml: options must be YAML')
    expect(() => fromClouds(text, 'otc', 'clouds: {}')).toThrow(
      'keystone: clouds.yaml and secure.yaml: option `clouds.otc.auth.password` is missing.',
    )
  })

  it('that would fill the memory is refused', () => {
    const levels = Array.from({ length: 12 }, (_, at) => `l${at + 1}: &l${at + 1} [${Array(10).fill(`*l${at}`)}]`)
    expect(() => fromClouds(['l0: &l0 x', ...levels, 'clouds: {}'].join('\n'), 'otc')).toThrow('cannot be read')
  })
})

describe('a file that is made to be read for ever', () => {
  const cloud = "{ auth: { auth_url: 'https://iam.example', user_id: u, password: p, project_id: q } }"
  const many = (times: number, line: (at: number) => string) =>
    Array.from({ length: times }, (_, at) => line(at)).join('\n')

  it('is read, where it is only long: a cloud with tens of thousands of keys, and as many clouds', () => {
    const keys = `clouds:\n  c:\n    <<: ${cloud}\n${many(30_000, (at) => `    k${at}: v`)}`
    expect(fromClouds(keys, 'c')).toMatchObject({ userId: 'u' })
    const clouds = `base: &base ${cloud}\nclouds:\n  c: *base\n${many(30_000, (at) => `  k${at}: v`)}`
    expect(fromClouds(clouds, 'c')).toMatchObject({ userId: 'u' })
  })

  it('is refused, where it is longer than any', () => {
    expect(() => fromClouds(`clouds: { c: ${cloud} }\n#${'x'.repeat(1_048_576)}`, 'c')).toThrow(
      'clouds.yaml: options must be at most 1048576 characters long',
    )
  })

  it.each<[string, string]>([
    ['lists in lists', `${'['.repeat(50_000)}${']'.repeat(50_000)}: x`],
    ['mappings in mappings', '{a: '.repeat(50_000)],
    ['an alias within what it stands for', 'a: &a [*a]'],
    ['many aliases', `a: &a x\nb: [${'*a,'.repeat(5_000)}]`],
    ['texts that double', `l0: &l0 x\n${many(40, (at) => `l${at + 1}: &l${at + 1} { a: *l${at}, b: *l${at} }`)}`],
    ['a long one again and again', `a: &a [${'x,'.repeat(10_000)}]\nb: [${'*a,'.repeat(1_000)}]`],
    [
      'mappings that are laid over one another',
      `m0: &m0\n${many(1_500, (at) => `  k${at}: v`)}\n${many(1_500, (at) => `m${at + 1}: &m${at + 1} { <<: *m${at}, n${at}: v }`)}`,
    ],
  ])('is refused, where it holds %s', (_name, text) => {
    expect(() => fromClouds(`${text}\nclouds: {}`, 'c')).toThrow(TypeError)
    expect(() => fromClouds(`${text}\nclouds: {}`, 'c')).toThrow(
      /^keystone: clouds\.yaml: options (cannot be read|must be YAML|must have at most 200 brackets)/,
    )
  })

  it('says which line a key stands in for the second time', () => {
    for (const twice of ['clouds: {}\nclouds: {}', 'clouds: {}\n"clouds": {}']) {
      expect(() => fromClouds(twice, 'c')).toThrow('must be YAML, got DUPLICATE_KEY in line 2.')
    }
  })

  it('names some of its clouds, and the number of the others', () => {
    const text = `clouds:\n${many(1_000, (at) => `  c${at}: {}`)}`
    expect(() => fromClouds(text, 'd')).toThrow(/there are c0, c1, .*, c19 and 980 more\./)
  })
})

it.each<[string, unknown[], string]>([
  ['clouds', [{ clouds: {} }, 'c'], 'must be the text of a `clouds.yaml`, got an object.'],
  ['clouds', [undefined, 'c'], 'must be the text of a `clouds.yaml`, got undefined.'],
  ['name', ['clouds: {}', {}], 'must be the name of a cloud, got an object.'],
  ['secure', ['clouds: {}', 'c', {}], 'must be the text of a `secure.yaml`, got an object.'],
  [
    'publicClouds',
    ['clouds: {}', 'c', undefined, 7],
    'must be the text of a `clouds-public.yaml`, got a value of type number.',
  ],
])('the argument %s is checked: %j', (name, given, problem) => {
  const run = () => fromClouds(...(given as Parameters<typeof fromClouds>))
  expect(errorOf(run)).toMatchObject({ name: 'OptionsError', option: name, problem: expect.stringContaining(problem) })
})

function errorOf(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
