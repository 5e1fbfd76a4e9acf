import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { namedSecrets, secretsInBody } from '../src/plugin.ts'

const json = (value: unknown) => secretsInBody(JSON.stringify(value))

describe('the secrets that a body shows by the names of its members', () => {
  it.each([
    'password',
    'passwd',
    'adminPass',
    'admin_pass',
    'smtp-pass',
    'newPassword',
    'backup_password',
    'client_secret',
    'clientSecret',
    'SSO_password',
    'api_key',
    'apiKey',
    'privateKey',
    'client_private_key',
    'encryption_key',
    'auth_key',
    'saml_token',
    'session',
    'session_id',
    'token',
    'subject_token',
    'passcode',
    'passphrase',
    'chappassword',
    'chap_secret',
    'user_data',
    'userdata',
    'community',
    'root_pw',
    'vmdir.password',
    'guestinfo.root-password',
    'aws:secretKey',
    'subscription-key',
    'application_key',
    'masterKey',
  ])('%s', (name) => {
    expect(json({ deep: [{ [name]: 'hunter22' }] })).toEqual(['hunter22'])
  })

  it.each([
    'name',
    'user_name',
    'authentication_method',
    'token_type',
    'subject_token_type',
    'password_policy',
    'token_timeout',
    'session_timeout',
    'secret_name',
    'token_url',
    'public_key',
    'key',
    'passthrough',
    'compass',
    'bypass',
    'chapuser',
    'keypair_name',
    'monkey',
    'description',
    'pinned',
    'spin',
  ])('nothing under %s', (name) => {
    expect(json({ [name]: 'plain-text' })).toEqual([])
  })

  it('those in lists, in objects that bear such a name, and as numbers', () => {
    expect(json({ passwords: ['one-1', 'two-2'] })).toEqual(['one-1', 'two-2'])
    expect(json({ passwords: { root: 'one-1', admin: 'two-2' } })).toEqual(['one-1', 'two-2'])
    expect(json({ token: { id: 'abc-def' } })).toEqual(['abc-def'])
    expect(json({ password: { value: 'abc-def', plainText: true } })).toEqual(['abc-def'])
    expect(json({ pin: 123456, password: 98765432, token_timeout: 3600, max_sessions: 1000 })).toEqual([
      '123456',
      '98765432',
    ])
  })

  it('numbers that JavaScript would round, and those of keys', () => {
    expect(secretsInBody('{"token":123456789012345678901,"apiKey":987654321,"size":12345678901234567890}')).toEqual([
      '123456789012345678901',
      '987654321',
    ])
  })

  it('no names that stand beside them', () => {
    const user = { name: 'admin', domain: { name: 'Default' }, password: 'hunter22' }
    expect(json({ auth: { identity: { methods: ['password'], password: { user } } } })).toEqual(['hunter22'])
    expect(json({ credentials: { type: 'USERNAME_PASSWORD', user_name: 'root', password: 'hunter22' } })).toEqual([
      'hunter22',
    ])
  })

  it('those of pairs of a name and a value', () => {
    expect(json([{ key: 'root-password', value: 'hunter22' }])).toEqual(['hunter22'])
    expect(json([{ name: 'DB_PASSWORD', value: 'hunter22' }])).toEqual(['hunter22'])
    expect(json([{ class_id: 'x', id: 'varoot-password', value: 'hunter22' }])).toEqual(['hunter22'])
    expect(json([{ id: 'x', type: 'password', value: 'hunter22' }])).toEqual(['hunter22'])
    expect(json([{ key: 'owner', value: 'me' }, { key: 'tokens' }])).toEqual([])
  })

  it('nothing in lists of names', () => {
    expect(
      json({ fields: ['password', 'username'], path: ['session', 'machines'], scopes: ['secrets', 'read'] }),
    ).toEqual([])
    expect(json([['token', 'expired']])).toEqual([])
  })

  it('those of a form', () => {
    expect(secretsInBody('grant_type=client_credentials&client_id=me&client_secret=a%20b%2Bc')).toEqual(
      expect.arrayContaining(['a b+c', 'a%20b%2Bc']),
    )
    expect(secretsInBody('user=me&adminPass=hunter22')).toEqual(['hunter22'])
    expect(secretsInBody('grant_type=x&scope=y')).toEqual([])
  })

  it('those of XML', () => {
    expect(secretsInBody('<login><userName>me</userName><password>a&amp;b</password></login>')).toContain('a&b')
    expect(
      secretsInBody(
        '<AdministratorPassword> <Value>hunter22</Value><PlainText>true</PlainText></AdministratorPassword>',
      ),
    ).toContain('hunter22')
  })

  it('those of XML-RPC', () => {
    const member = (name: string, value: string) => `<member><name>${name}</name><value>${value}</value></member>`
    const params =
      member('target', 'me') + member('chappassword', '<string>a&lt;b</string>') + member('pass', 'hunter22')
    const found = secretsInBody(`<methodCall><params><param><struct>${params}</struct></param></params></methodCall>`)
    expect(found).toEqual(expect.arrayContaining(['a<b', 'hunter22']))
    expect(found).not.toContain('me')
  })

  it('those of JSON in a text of JSON', () => {
    const blob = JSON.stringify({ access: 'me', secret: 'hunter22' })
    expect(json({ blob })).toEqual(['hunter22'])
  })

  it('those of JSON that cannot be parsed, and of a document of lines', () => {
    expect(secretsInBody('{"n":NaN,"password":"hunter22"}')).toEqual(['hunter22'])
    expect(secretsInBody("{'password': 'hunter22'}")).toEqual(['hunter22'])
    expect(secretsInBody('{"access":{"token":{"id":"hunter22","exp')).toEqual(['hunter22'])
    expect(json({ text: '#cloud-config\nuser: me\n  password: "hunter22"\nssh_pwauth: true' })).toContain('hunter22')
  })

  it('nothing in what is no text', () => {
    for (const body of [undefined, '', '{', 'null', '[1', 'plain words']) expect(secretsInBody(body)).toEqual([])
  })
})

describe('the secrets that a value shows by its form, whatever its name', () => {
  it('the user information and the signature of a URL', () => {
    expect(json({ uri: 'https://me:hunter22@host.example/disk' })).toContain('hunter22')
    expect(json({ arguments: 'pull https://me:hunter22@host.example/disk now' })).toContain('hunter22')
    expect(json({ uri: 'https://host.example/disk?X-Signature=hunter22&x=y' })).toContain('hunter22')
    expect(json({ uri: 'https://host.example/disk?x=y' })).toEqual([])
  })

  it('a private key, a web token and a credential for a header', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----'
    expect(json({ key })).toContain(key)
    expect(json({ x: `my ${key} here` })).toContain(key)
    const encrypted = key.replace('abc', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0F\n\nabc')
    const ofPgp = key.replaceAll('RSA PRIVATE KEY', 'PGP PRIVATE KEY BLOCK')
    expect(json({ x: `${encrypted} and ${ofPgp}` })).toEqual([encrypted, ofPgp])
    expect(json({ x: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl' })).toHaveLength(1)
    expect(json({ x: 'Bearer abcdefgh12345' })).toEqual(['abcdefgh12345'])
    expect(json({ x: '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----' })).toEqual([])
  })

  it('what is assigned to such a name in a command', () => {
    expect(json({ arguments: '--user me --password hunter22 -v' })).toEqual(['hunter22'])
    expect(json({ arguments: "--user=me --password='hunter 22'" })).toEqual(['hunter 22'])
    expect(json({ env: ['PATH=/bin', 'DB_PASSWORD=hunter22'] })).toEqual(['hunter22'])
    expect(json({ options: 'vers=3.0,username=me,password=hunter22,uid=1' })).toEqual(['hunter22'])
  })
})

describe('names that only a vendor knows', () => {
  it('cover all that stands under them', () => {
    expect(namedSecrets({ environment: { A: 'one-1', B: ['two-2'] }, other: 'plain' }, /^environment$/)).toEqual([
      'one-1',
      'two-2',
    ])
  })
})

it('takes any body, however deep or long', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.anything().map(fc.stringify)), (text) => {
      expect(Array.isArray(secretsInBody(text))).toBe(true)
    }),
  )
  for (const unit of [
    '[',
    '{"a":',
    'password=',
    'a',
    '--password ',
    '<a ',
    '://',
    'eyJ',
    'a=',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----a-b----',
    '"password":"',
    'a:\n',
    '    ',
  ]) {
    expect(Array.isArray(secretsInBody(unit.repeat(60_000)))).toBe(true)
  }
})
