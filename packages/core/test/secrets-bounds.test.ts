import { describe, expect, it } from 'vitest'
import { redact, resilient, secretsOfRequest, type VendorError } from '../src/index.ts'
import { factsAt } from '../src/request/facts.ts'
import { decodings } from '../src/secrets/decodings.ts'
import { SecretFinder } from '../src/secrets/find-secrets.ts'
import { secretsInBody } from '../src/secrets/named-secrets.ts'
import { depot } from './helpers/depot.ts'
import { reply, stubFetch } from './helpers/stub-fetch.ts'

// Nothing here measures time: whatever took a second look at each character would never come to an end.
describe('secrets are looked for in time that grows with the text alone:', () => {
  const length = 4_000_000

  it.each([
    ['a secret that is like the text', [`${'a'.repeat(8_000)}b`], 'a'.repeat(length)],
    ['many secrets', Array.from({ length: 1_000 }, (_, at) => `${'a'.repeat(at + 8)}b`), 'a'.repeat(length)],
    ['ends where the text was cut off', ['abcdefgh'.repeat(500)], 'abcdefgh…'.repeat(length / 100)],
  ])('%s', (_, secrets, text) => {
    expect(new SecretFinder(secrets).placesIn(text).length).toBeLessThan(text.length)
  })

  it.each([
    ['escapes', '\\u0061'.repeat(100_000)],
    ['escapes within escapes', '%255c%255c&amp;amp;\\u005cu0041'.repeat(8_000)],
    ['percent escapes in one run', '%61'.repeat(100_000)],
    ['base64', 'YWFh'.repeat(40_000)],
    ['base64 in lines', 'YWFhYWFh\n'.repeat(20_000)],
    ['hexadecimal', '61'.repeat(80_000)],
    ['bytes as numbers', '97,'.repeat(150_000)],
    ['ampersands that begin nothing', '&'.repeat(500_000)],
  ])('%s', (_, text) => {
    const all = decodings(text)
    expect(all.reduce((sum, decoded) => sum + decoded.text.length, 0)).toBeLessThan(100 * text.length)
    expect(redact(text, [`b${'a'.repeat(2_000)}`])).toHaveLength(text.length)
  })
})

describe('secrets that a server has made up take no more room than others:', () => {
  /** As many characters of their own as a failure can bring. */
  const signs = (from: number, length: number) =>
    Array.from({ length }, (_, at) => String.fromCharCode(0x4e00 + from + at)).join('')

  it('one of many different characters', () => {
    const secrets = Array.from({ length: 20 }, (_, at) => signs(at * 700, 8_000))
    const finder = new SecretFinder(secrets)
    expect(finder.placesIn(`a${secrets[0]}b`)).toContainEqual([1, 8_001])
  })

  it('many of different characters', async () => {
    const passwords = Array.from({ length: 1_000 }, (_, at) => signs(at * 16, 16))
    const { fetch } = stubFetch(reply(400, JSON.stringify({ passwords })))
    const error = await resilient(fetch)('https://depot.example/belts').catch((thrown: Error) => thrown)
    expect(String(error)).not.toContain(passwords[3])
  })

  it('so many that no text is told any more', () => {
    const flood = Array.from({ length: 20_000 }, (_, at) => `flood-number-${at}-of-many`)
    expect(redact('whatever was said', [...flood, 'a-secret-that-came-last'])).toBe('[redacted]')
  })
})

describe('forms of secrets are looked for in time that grows with the text alone:', () => {
  const length = 4_000_000

  it('a credential in a header', () => {
    const token = 'a-b_c'.repeat(length / 5)
    expect(
      secretsOfRequest({
        facts: factsAt('https://a.example/', 'GET', { bodyText: undefined }),
        headers: { authorization: `Bearer ${token}` },
      }),
    ).toContain(token)
  })

  it('what begins like a web token', () => {
    const text = JSON.stringify(Array.from({ length: 200 }, () => 'eyJaaaaaaaa-'.repeat(5_000)))
    expect(secretsInBody(text)).toEqual([])
    expect(secretsInBody(JSON.stringify(['eyJnothing', 'a eyJhbGciOiJI.eyJzdWIiOiIx.c2ln b']))).toEqual([
      'eyJhbGciOiJI.eyJzdWIiOiIx.c2ln',
    ])
  })

  it('an error of the given fetch that holds whole replies', async () => {
    const texts = Array.from({ length: 1_500 }, (_, at) => `${at}${'31323334'.repeat(12_000)}`)
    const thrown = Object.assign(new Error('no idea'), { texts })
    const client = resilient(() => Promise.reject(thrown))
    const error = await client('https://depot.example/belts', { headers: { 'x-api-key': 'of-the-caller' } }).catch(
      (one: unknown) => one,
    )
    expect(error).toMatchObject({ message: 'no idea' })
    expect(error).not.toHaveProperty('texts')
  })
})

describe('what an error tells is bounded:', () => {
  const secret = 'x'.repeat(200)
  const shown = async (fault: object, body = 'x') => {
    const vendor = depot({ parse: () => ({ code: 'LABEL_BAD', status: 400, ...fault }), secretsIn: () => [secret] })
    const { fetch } = stubFetch(reply(400, body))
    const error = await resilient(fetch, { vendor })('https://depot.example/belts').catch((thrown: unknown) => thrown)
    return error as VendorError
  }

  it('50,000 parameters, however long', async () => {
    const params = Array.from({ length: 50_000 }, () => `${secret}${'y'.repeat(10_000)}`)
    const error = await shown({ params })
    expect(Object.keys(error.params).length).toBeLessThan(1_100)
    expect(JSON.stringify(error.params).length).toBeLessThan(200_000)
    expect(JSON.stringify(error.params)).not.toContain(secret)
    expect(error.request.url).toBe('https://depot.example/belts')
  })

  it('a parameter of as many members, named as long as they like', async () => {
    const members = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`${secret}${at}`, secret]))
    expect(JSON.stringify((await shown({ params: [members] })).params).length).toBeLessThan(200_000)
  })

  it('a function, and bytes in which a secret stands', async () => {
    const bytes = [...new TextEncoder().encode(`a ${secret}`)]
    const { params } = await shown({ params: [() => secret, bytes, { of: bytes }, [1, 2, 3, 4, 5, 6]] })
    expect(params).toEqual({ 0: '[…]', 1: '[redacted]', 2: { of: '[redacted]' }, 3: [1, 2, 3, 4, 5, 6] })
  })

  it('a message and a body of a mebibyte', async () => {
    const long = `${secret} `.repeat(5_000)
    expect((await shown({ message: long }, long)).message.length).toBeLessThan(5_000)
  })

  it('a code has a length', async () => {
    expect((await shown({ code: 'Z'.repeat(100_000) })).code.length).toBeLessThanOrEqual(200)
  })
})
