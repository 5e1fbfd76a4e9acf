import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ResilienceEvent, resilient } from '../src/index.ts'
import { depot, says } from './helpers/depot.ts'
import { reply, stubFetch, throws } from './helpers/stub-fetch.ts'

const secrets = ['s/ecre+t=1&"two"', 'plain8chars4us', 'tok‹en–é/+=', 'a1b2c3d4e5f6']
const utf8 = (text: string) => new TextEncoder().encode(text)
const inBase64 = (text: string) => Buffer.from(text).toString('base64')

/** Ways in which writers put a text into another. */
const spellings: readonly (readonly [name: string, spell: (secret: string) => string])[] = [
  ['as it is', (secret) => secret],
  ['JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
  ['JSON with slashes escaped', (secret) => JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
  ['JSON within JSON', (secret) => JSON.stringify(JSON.stringify(secret)).slice(1, -1)],
  ['JSON, every sign escaped', (secret) => all(secret, (code) => `\\u${code.toString(16).padStart(4, '0')}`)],
  ['JSON, in capitals', (secret) => all(secret, (code) => `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`)],
  ['XML', (secret) => secret.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
  ['XML by name', (secret) => secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
  ['XML in hexadecimal', (secret) => all(secret, (code) => `&#x${code.toString(16)};`)],
  ['XML in XML', (secret) => secret.replaceAll('&', '&amp;amp;').replaceAll('"', '&amp;quot;')],
  ['a URL', encodeURIComponent],
  ['a URL, in small letters', (s) => encodeURIComponent(s).replace(/%../g, (code) => code.toLowerCase())],
  ['a URL in a URL', (secret) => encodeURIComponent(encodeURIComponent(secret))],
  ['every byte in percent', (s) => [...utf8(s)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
  ['a form', (secret) => new URLSearchParams({ '': secret }).toString().slice(1)],
  ['base64', inBase64],
  ['base64 behind a name', (secret) => inBase64(`user:${secret}`)],
  ['base64 behind another', (secret) => inBase64(`admin:${secret}`)],
  ['base64 for URLs', (secret) => Buffer.from(secret).toString('base64url')],
  ['hexadecimal', (secret) => Buffer.from(secret).toString('hex')],
  ['hexadecimal, in capitals', (secret) => Buffer.from(secret).toString('hex').toUpperCase()],
  ['UTF-16 read as UTF-8', (secret) => Buffer.from(secret, 'utf16le').toString('utf8')],
  ['cut off by an ellipsis', (secret) => `${secret.slice(0, -1)}…`],
  ['cut off by three dots', (secret) => `${secret.slice(0, -1)}...`],
  ['cut off by a quotation mark', (secret) => `${secret.slice(0, -1)}"`],
]

const all = (text: string, spell: (code: number) => string) =>
  Array.from({ length: text.length }, (_, at) => spell(text.charCodeAt(at))).join('')

/** Ways in which a server, or the network, may repeat a text. */
const places: readonly (readonly [name: string, answer: (text: string) => ReturnType<typeof reply>])[] = [
  ['a message', (message) => says('LABEL_BAD', { message: `refused: ${message} (bad)` })],
  ['an unlisted code', (text) => says(`CODE ${text} ` as never, {})],
  ['a parameter', (text) => says('LABEL_BAD', { params: [text, `x${text}x`] })],
  ['deep in a parameter', (text) => says('LABEL_BAD', { params: [{ list: [{ [`k ${text}`]: text }] }] })],
  ['a page', (text) => reply(400, `a page with ${text} in it`)],
  ['a cause', (text) => throws(new TypeError('fetch failed', { cause: networkError(text) }))],
]

const networkError = (text: string) =>
  Object.assign(new Error(`read ECONNRESET ${text}`), { code: 'ECONNRESET', data: `raw ${text}`, headers: [text] })

describe('a secret of the call is told by nothing that leaves', () => {
  it.each(places)('from %s', async (_, answer) => {
    const found: string[] = []
    for (const [name, spell] of spellings) {
      for (const secret of secrets) {
        const events: ResilienceEvent[] = []
        const { fetch } = stubFetch(answer(spell(secret)))
        const vendor = depot({ secretsIn: () => [secret] })
        const client = resilient(fetch, { vendor, retry: 0, observers: [(event) => events.push(event)] })
        const error = await client('https://depot.example/belts').catch((thrown: unknown) => thrown)
        const shown = [
          String((error as Error).stack),
          JSON.stringify(error),
          inspect(error, { depth: 20 }),
          inspect(events),
        ]
        const traces = [secret, spell(secret), spell(secret).slice(0, 9)]
        if (shown.some((text) => traces.some((trace) => text.includes(trace)))) found.push(`${secret} ${name}`)
      }
    }
    expect(found).toEqual([])
  })

  it.each([
    ['a password of Basic', { authorization: `Basic ${inBase64('admin:pa55/word')}` }, 'pa55/word'],
    [
      'a part of AWS4',
      { authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/x, Signature=5d672d79c15b' },
      '5d672d79c15b',
    ],
    ['a part of Digest', { authorization: 'Digest username="me", response="6629fae49393"' }, '6629fae49393'],
    ['a quoted cookie with =', { cookie: 'sid="abc=def=ghi"; lang=en' }, 'abc=def=ghi'],
    ['a session header', { 'x-session-id': 'abcdefgh12345' }, 'abcdefgh12345'],
  ])('that its caller shows: %s', async (_, headers, secret) => {
    const { fetch } = stubFetch(reply(400, `who is ${secret}?`))
    const error = await resilient(fetch)('https://api.example', { headers }).catch((thrown: unknown) => thrown)
    expect((error as Error).message).toContain('who is [redacted]?')
  })

  it('nor one in the user information of its URL', async () => {
    const { fetch } = stubFetch(reply(400, 'no p%40ss-w0rd here'))
    const error = await resilient(fetch)('https://me:p%40ss-w0rd@api.example').catch((thrown: unknown) => thrown)
    expect((error as Error).message).toContain('no [redacted] here')
  })
})

describe('the words of a server', () => {
  it('forge no line of a log', async () => {
    const { fetch } = stubFetch(says('X\nFATAL all is lost\u001b[31m' as never, { message: 'one\ntwo\u202e' }))
    const error = (await resilient(fetch, { vendor: depot() })('https://depot.example/belts').catch((e) => e)) as Error
    expect(error.message).not.toMatch(/\p{Cc}|\u202e/u)
    expect(error.message).toContain('X\\nFATAL')
  })

  it.each([
    ['one line of JSON', `{"a":"${'x'.repeat(1_000_000)}"}`],
    ['beginnings of the secret', 'abcdefgh…'.repeat(100_000)],
    ['escapes within escapes', '%255c%255c&amp;amp;\\u005cu0041'.repeat(30_000)],
  ])('are read in no time, however long: %s', async (_, message) => {
    const { fetch } = stubFetch(
      says('LABEL_BAD', { message, params: Array.from({ length: 50_000 }, () => message.slice(0, 20)) }),
    )
    const vendor = depot({ secretsIn: () => ['abcdefghijklmnop', 'x'.repeat(200)] })
    const error = (await resilient(fetch, { vendor })('https://depot.example/belts').catch((e) => e)) as Error
    expect(error.message.length).toBeLessThan(10_000)
    expect(Object.keys((error as never as { params: object }).params).length).toBeLessThan(1_100)
  })
})
