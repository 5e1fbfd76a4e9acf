import { type KeystoneOptions, keystone } from '@holdfast/keystone'
import { isOptionsError } from '../../../packages/core/src/error/options-error.ts'
import { fromClouds } from '../../../packages/keystone/src/clouds.ts'
import { fromEnvironment } from '../../../packages/keystone/src/environment.ts'
import { headersOf } from '../facts.ts'
import { ensure, joined, partsOf, type Target, textOf } from '../target.ts'
import { envelopes } from './openstack-envelope.ts'

const secret = 'pass-9X7q'

/** The errors that a reader of settings may throw, and its options. */
function readSettings(read: () => KeystoneOptions): string {
  let options: KeystoneOptions
  try {
    options = read()
  } catch (error) {
    ensure(
      error instanceof TypeError && error.message.startsWith('keystone: '),
      'a mistake is a TypeError of keystone',
      error,
    )
    ensure(!error.message.includes(secret), 'a mistake shows no password')
    return `mistake ${/ (?:is no|has no|cannot|there is|say|one of|only) /.exec(error.message)?.[0]}`
  }
  for (const value of Object.values(options)) ensure(typeof value === 'string' && value !== '', 'settings are texts')
  try {
    keystone(options)
    return `options ${Object.keys(options).join()}`
  } catch (error) {
    ensure(isOptionsError(error) && !error.message.includes(secret), 'options are refused by an OptionsError', error)
    return `refused ${error.option}`
  }
}

const auth =
  'auth_url: https://iam.example/v3\n      username: u\n      password: pass-9X7q\n      user_domain_name: d\n      project_name: p'

const clouds: Target = {
  name: 'keystone-clouds',
  covers: /packages\/keystone\/src\/(?:clouds|settings|options)/,
  seeds: [
    joined(`clouds:\n  a:\n    auth:\n      ${auth}\n    region_name: r`),
    joined(
      `clouds:\n  a:\n    auth:\n      ${auth}\n    regions:\n    - name: r\n      values: {auth: {project_id: q}}\n    - s`,
    ),
    joined(
      'clouds: {a: {auth: {auth_url: https://i.example}}}',
      'clouds: {a: {auth: {password: pass-9X7q, user_id: u, project_id: 007}}}',
    ),
    joined(
      'x: &x {auth_url: "https://i.example", password: pass-9X7q, user_id: 1, tenant_id: 2}\nclouds:\n  a:\n    auth:\n      <<: *x\n    auth_type: v3password\n    profile: otc',
    ),
    joined('{"clouds":{"a":{"auth":{"password":"pass-9X7q","domain_id":null}}}}'),
    joined('clouds:\n  a: [1, ~]\n  a: !!binary aaaa\n? [b]\n: c'),
  ],
  run(input) {
    const [text = '', secure = ''] = partsOf(input, 2)
    return readSettings(() => fromClouds(text, 'a', secure === '' ? undefined : secure))
  },
  // A file of the user's own: for brackets the library takes a thousand times their length, and all of the stack.
  around: (hostile) => {
    const long = hostile.slice(0, 2_000)
    return [joined(long), joined(`clouds:\n  a:\n    auth: ${long}`), joined('clouds: {}', long)]
  },
}

const environment: Target = {
  name: 'keystone-environment',
  covers: /packages\/keystone\/src\/(?:environment|settings|options)/,
  seeds: [
    'OS_AUTH_URL=https://i.example/v3\nOS_USERNAME=u\nOS_PASSWORD=pass-9X7q\nOS_USER_DOMAIN_NAME=d\nOS_PROJECT_NAME=p\nOS_REGION_NAME=r',
    'OS_AUTH_URL=http://i.example\nOS_USER_ID=u\nOS_PASSWORD=pass-9X7q\nOS_TENANT_NAME=t\nOS_DEFAULT_DOMAIN=d\nOS_PROJECT_DOMAIN_ID=',
    'OS_AUTH_URL=https://u:pass-9X7q@i.example/v2.0\nOS_USERNAME=u\nOS_PASSWORD=pass-9X7q\nOS_DOMAIN_ID=d\nOS_PROJECT_ID=p',
  ],
  run(input) {
    const lines = textOf(input).split('\n')
    const env = lines.map((line): [string, string] => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)])
    return readSettings(() => fromEnvironment(Object.fromEntries(env)))
  },
  around: (hostile) => [
    `OS_AUTH_URL=${hostile}\nOS_USER_ID=u\nOS_PASSWORD=p\nOS_PROJECT_ID=p`,
    `OS_AUTH_URL=https://i.example/${hostile}`,
  ],
}

const source = keystone({ authUrl: 'https://iam.example/v3', userId: 'u', password: secret, projectId: 'p' })

const tokens: Target = {
  name: 'keystone-token',
  covers: /packages\/keystone\/src\/session/,
  seeds: [
    joined(
      '201',
      'x-subject-token: gAAAA',
      '{"token":{"issued_at":"2026-11-21T10:00:00.000000Z","expires_at":"2026-11-22T10:00:00.000000Z","catalog":[]}}',
    ),
    joined('201', 'x-subject-token: a', '{"token":{"expires_at":"2026-11-22T10:00:00Z"}}'),
    joined('300', '', '{"versions":{"values":[]}}'),
    joined('201', 'x-subject-token: a b', ''),
  ],
  async run(input) {
    const [status = '', lines = '', body = ''] = partsOf(input, 3)
    const number = Number.parseInt(status, 10)
    const reply = new Response(body, {
      status: number > 205 && number <= 599 && number !== 304 ? number : 201,
      headers: headersOf(lines),
    })
    const transport = { origin: 'https://iam.example', send: async () => reply }
    const credentials = await source.credentials()
    const session = await source.open(credentials, transport).catch((error: unknown) => error)
    if (session instanceof Error) {
      ensure(
        session.message.startsWith('The login at ') && !session.message.includes(secret),
        'a login fails in its words',
        session,
      )
      return 'none'
    }
    const { token, secrets, expiresAt } = session as Awaited<ReturnType<typeof source.open>>
    ensure(/^[\x21-\x7e]+$/.test(token) && secrets.includes(token), 'a token can stand in a header, and is secret')
    ensure(expiresAt === undefined || Number.isFinite(expiresAt), 'a token ends at a time')
    return `token ${expiresAt !== undefined}`
  },
  around: (hostile) => [
    joined('201', 'x-subject-token: a', hostile),
    joined('201', `x-subject-token: ${hostile}`, '{}'),
  ],
}

export const openstackTargets: readonly Target[] = [envelopes, clouds, environment, tokens]
