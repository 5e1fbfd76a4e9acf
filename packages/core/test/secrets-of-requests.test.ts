import { describe, expect, it } from 'vitest'
import { redact, resilient, secretsOfRequest } from '../src/index.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://api.example/things'

/** The message of an error whose server, known to no vendor, repeats this to the request. */
async function saying(text: string, init: RequestInit, to = url): Promise<string> {
  const { fetch } = stubFetch(reply(400, `who is ${text}?`))
  const error = await resilient(fetch)(to, init).catch((thrown: unknown) => thrown)
  return (error as Error).message
}

const post = (body: BodyInit): RequestInit => ({ method: 'POST', body })
const form = new FormData()
form.set('user', 'somebody')
form.set('password', 'pa55/word')

describe('a credential in a body is known by its name:', () => {
  it.each<[string, RequestInit, string]>([
    ['JSON', post(JSON.stringify({ deep: [{ password: 'pa55/word' }] })), 'pa55/word'],
    ['JSON, below the name', post(JSON.stringify({ auth: { token: { id: 'gAAAAAB-token' } } })), 'gAAAAAB-token'],
    ['JSON, in a list', post(JSON.stringify({ secrets: ['one-secret', 'two-secret'] })), 'two-secret'],
    ['JSON, a number', post(JSON.stringify({ pin: 48_151_623 })), '48151623'],
    ['JSON, as bytes', post(new TextEncoder().encode(JSON.stringify({ passwd: 'pa55/word' }))), 'pa55/word'],
    ['JSON, in a Blob', post(new Blob([JSON.stringify({ passwd: 'pa55/word' })])), 'pa55/word'],
    ['a form', post(new URLSearchParams({ client_secret: 'pa55/word' })), 'pa55/word'],
    ['a form as text', post('grant_type=password&password=pa55%2Fword'), 'pa55/word'],
    ['a form of fields', post(form), 'pa55/word'],
    ['XML', post('<login><user>me</user><Password>pa55&amp;word</Password></login>'), 'pa55&word'],
    ['an attribute of XML', post('<login user="me" password="pa55/word"/>'), 'pa55/word'],
    ['XML-RPC', post('<member><name>password</name><value><string>pa55/word</string></value></member>'), 'pa55/word'],
    ['SOAP', post('<s:Body><v:Login><v:password>pa55/word</v:password></v:Login></s:Body>'), 'pa55/word'],
  ])('%s', async (_, init, secret) => {
    expect(await saying(secret, init)).toContain('who is [redacted]?')
    expect(await saying('somebody', init)).toContain('who is somebody?')
  })
})

describe('a credential in a text of any form is known by its name:', () => {
  it.each([
    ['GraphQL', 'mutation { login(user: "me", password: "pa55/word") { id } }'],
    ['GraphQL in JSON', JSON.stringify({ query: 'mutation { login(user: "me", password: "pa55/word") { id } }' })],
    ['JavaScript', "{ user: 'me', password: 'pa55/word' }"],
    ['TOML', '[db]\npassword = "pa55/word"\n'],
    ['an INI file', '[db]\npassword = pa55/word\n'],
    ['CDATA', '<login><password><![CDATA[pa55/word]]></password></login>'],
    ['a property list', '<dict><key>password</key><string>pa55/word</string></dict>'],
    ['SQL', JSON.stringify({ sql: "ALTER ROLE me WITH PASSWORD 'pa55/word'" })],
    ['SQL of another dialect', "CREATE USER me IDENTIFIED BY 'pa55/word'"],
    ['pairs, as headers are listed', JSON.stringify({ headers: [['X-Api-Key', 'pa55/word']] })],
    [
      'parts whose names bear no quotes',
      '--b\r\nContent-Disposition: form-data; name=password\r\n\r\npa55/word\r\n--b--',
    ],
    ['a Secret of Kubernetes', JSON.stringify({ kind: 'Secret', metadata: {}, stringData: { db: 'pa55/word' } })],
  ])('%s', async (_, body) => {
    expect(await saying('pa55/word', post(body))).toContain('who is [redacted]?')
    expect(await saying('me, db, user, sql', post(body))).toContain('who is me, db, user, sql?')
  })

  it('a private key in base64', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkq'.repeat(9)}\n-----END PRIVATE KEY-----\n`
    for (const text of [key, btoa(key)])
      expect(await saying(text, post(JSON.stringify({ content: btoa(key) })))).toContain('who is [redacted]')
    expect(await saying(btoa('a certificate'), post(JSON.stringify({ content: btoa('a certificate') })))).toContain(
      'who is YS',
    )
  })
})

describe('a credential in a URL is known wherever it stands:', () => {
  const jwt = `eyJhbGciOiJIUzI1NiJ9.${'e30abcdef'}.c2lnbmF0dXJl`

  it.each([
    ['a name that only bodies had', '?ticket=pa55%2Fword'],
    ['a path within the query', `?next=${encodeURIComponent('/cb?token=pa55/word')}`],
    [
      'an address, encoded twice',
      `?to=${encodeURIComponent(encodeURIComponent('https://b.example/?token=pa55/word'))}`,
    ],
    ['JSON', `?filter=${encodeURIComponent('{"password":"pa55/word"}')}`],
    ['a header', `?${new URLSearchParams({ h: 'Bearer pa55/word' })}`],
    ['SQL, as InfluxDB takes it', `?${new URLSearchParams({ q: `CREATE USER "me" WITH PASSWORD 'pa55/word'` })}`],
  ])('%s', async (_, rest) => {
    expect(await saying('pa55/word', {}, url + rest)).toContain('who is [redacted]?')
  })

  it.each([jwt, `ghp_${'a1B2'.repeat(9)}`, 'glpat-abcdefghij0123456789', 'hvs.CAESIabcdefghijklmnop'])(
    'a token by its form in a path, which is told without it: %s',
    async (token) => {
      expect(await saying('me', {}, `${url}/${token}/x`)).toContain(`${url}/[redacted]/x`)
    },
  )

  it('and nothing else is one', async () => {
    const words = 'page 2 of created by name: hvs_1, ghost, xoxo'
    expect(await saying(words, {}, `${url}/hvs_1?page=2&sort=created&by=name&next=%2Fghost%3Fxoxo%3D1`)).toContain(
      words,
    )
  })
})

it('a credential in the body of a Request is known', async () => {
  for (const retry of [0, 1]) {
    const { fetch } = stubFetch(reply(400, 'who is pa55/word?'))
    const request = new Request(url, post(JSON.stringify({ password: 'pa55/word' })))
    const error = await resilient(fetch, { retry })(request).catch((thrown: unknown) => thrown)
    expect((error as Error).message).toContain('who is [redacted]?')
  }
})

it('a member that only speaks of credentials is none', async () => {
  const body = {
    token_type: 'bearer',
    maxSessions: 300,
    password_policy: 'strict',
    tags: [{ key: 'colour', value: 'red' }],
  }
  const sentence = 'a bearer of 300 strict red colours'
  expect(await saying(sentence, post(JSON.stringify(body)))).toContain(sentence)
  expect(await saying(sentence, {}, `${url}?token_type=bearer&session_timeout=300`)).toContain(sentence)
})

describe('a credential in a header is known in each of its parts:', () => {
  const basic = Buffer.from('me:pa55/word').toString('base64')
  it.each<[string, HeadersInit, string]>([
    ['Basic', { authorization: `Basic ${basic}` }, 'pa55/word'],
    ['Basic, whole', { authorization: `Basic ${basic}` }, basic],
    ['Bearer', { Authorization: 'Bearer abc.def-ghi' }, 'abc.def-ghi'],
    [
      'AWS4, the key',
      { authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2026/x, Signature=5d67' },
      'AKIDEXAMPLE',
    ],
    ['AK and SK', { authorization: 'SDK-HMAC-SHA256 Access=AKEXAMPLE1, Signature=5d672d79c15b' }, 'AKEXAMPLE1'],
    [
      'AK and SK, signed',
      { authorization: 'SDK-HMAC-SHA256 Access=AKEXAMPLE1, Signature=5d672d79c15b' },
      '5d672d79c15b',
    ],
    ['Digest', { authorization: 'Digest username="me", nonce="n0nce", response="6629fae4"' }, '6629fae4'],
    ['Digest, the nonce', { authorization: 'Digest username="me", nonce="n0nce+x", response="66"' }, 'n0nce+x'],
    [
      'OAuth',
      { authorization: 'OAuth realm="r", oauth_token="kkk9d7dh3k39", oauth_signature="tR3%2BTy81"' },
      'tR3+Ty81',
    ],
    ['a cookie', [['cookie', 'a=1; sid=abc=def==']], 'abc=def=='],
    ['a quoted cookie', new Headers({ cookie: 'sid="abc=def"' }), 'abc=def'],
    ['a key', { 'X-Auth-Key': 'kkk9d7dh' }, 'kkk9d7dh'],
    ['a key behind its scheme', { 'X-Api-Key': 'Bearer kkk9d7dh' }, 'kkk9d7dh'],
    ['the first of two keys', [['X-Api-Key', 'kkk9d7dh, lll9d7dh']], 'kkk9d7dh'],
    ['the last of two keys', new Headers({ 'X-Api-Key': 'kkk9d7dh, lll9d7dh' }), 'lll9d7dh'],
  ])('%s', async (_, headers, secret) => {
    expect(await saying(secret, { headers })).toContain('who is [redacted]?')
    expect(await saying('me and you', { headers })).toContain('who is me and you?')
  })
})

it.each([
  ['the query', `${url}?access_token=pa55%2Fword`],
  ['the query, behind a semicolon', `${url}?a=1;access_token=pa55%2Fword`],
  ['a parameter in the path', `${url};jsessionid=pa55%2Fword/more`],
  ['an address in the query', `${url}?next=${encodeURIComponent('https://b.example/?sig=pa55%2Fword')}`],
  ['user information there', `${url}?next=${encodeURIComponent('https://me:pa55%2Fword@b.example/')}`],
  ['the fragment', `${url}#id_token=pa55%2Fword&state=1`],
  ['user information', 'https://me:pa55%2Fword@api.example/'],
  ['user information without a password', 'https://pa55%2Fword@api.example/'],
])('a credential in %s of a URL is known', async (_, to) => {
  expect(await saying('pa55/word', {}, to)).toContain('who is [redacted]?')
})

describe('for logs of one’s own', () => {
  it.each([4_097, 8_193, 20_000])('a secret of %i characters is left out to its end', (length) => {
    const secret = Array.from({ length }, (_, at) => (at * 7_919).toString(36))
      .join('')
      .slice(0, length)
    for (const spelt of [secret, btoa(secret), encodeURIComponent(`${secret}%`).slice(0, -3)])
      expect(redact(`before ${spelt} after`, [secret])).toMatch(/^before \[redacted\]={0,2} after$/)
  })

  it('the same secrets are found in a request, and left out of any text', () => {
    const facts = {
      ...{ method: 'POST', url: `${url}?sig=s1gnature`, origin: 'https://api.example', path: '/things' },
      ...{ query: 'sig=s1gnature', bodyText: '{"password":"pa55/word"}' },
    }
    const secrets = secretsOfRequest({ facts, headers: { 'x-mine': 'my-own-key' } }, { secretHeaders: ['x-mine'] })
    expect(secrets).toEqual(['my-own-key', 's1gnature', 'pa55/word'])
    const line = `POST ${facts.url} ${facts.bodyText} my-own-key\n`
    expect(redact(line, secrets)).toBe(`POST ${url}?sig=[redacted] {"password":"[redacted]"} [redacted]\n`)
    expect(redact(line, ['my-own-key'], '***')).toContain('"pa55/word"} ***\n')
    expect(redact('nothing to hide', secrets)).toBe('nothing to hide')
  })
})
