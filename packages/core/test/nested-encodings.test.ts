import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodings } from '../src/secrets/decodings.ts'
import { Redactor } from '../src/secrets/redact.ts'

const bytesOf = (text: string) => Buffer.from(text)
const escapes: readonly ((text: string) => string)[] = [
  (text) => text.replace(/./gs, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (text) => [...bytesOf(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  (text) => encodeURIComponent(text),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => text.replace(/[^\d]/gsu, (sign) => `&#${sign.codePointAt(0)};`),
]
const encodings: readonly ((text: string) => string)[] = [
  (text) => bytesOf(text).toString('base64').replace(/=+$/, ''),
  (text) => bytesOf(`a${text}b`).toString('base64url'),
  (text) => bytesOf(`ab${text}a`).toString('base64url'),
  (text) => bytesOf(text).toString('hex'),
  (text) => bytesOf(text).toString('hex').toUpperCase(),
  (text) => (bytesOf(text).toString('hex').match(/../g) ?? []).join(' '),
  (text) => String([...bytesOf(text)]),
  (text) => [...bytesOf(text)].join(', '),
  (text) => inspect([...bytesOf(text)], { maxArrayLength: Infinity }),
  (text) => [...bytesOf(text)].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', '),
]

/** A secret in bytes that are encoded once or twice, escaped before, in between and behind. */
const spelling = fc
  .tuple(
    fc.array(fc.constantFrom(...escapes), { maxLength: 1 }),
    fc.array(fc.constantFrom(...encodings), { minLength: 1, maxLength: 2 }),
    fc.array(fc.constantFrom(...escapes), { maxLength: 2 }),
  )
  .map(([inner, inBytes, outer]) => [...inner, ...inBytes, ...outer])

/** What stands beside it: signs that a run of an encoding goes on with, escapes, and what ends a run. */
const beside = fc
  .array(
    fc.constantFrom(
      'AAAA',
      'b',
      '00',
      'f',
      '%41',
      '%20',
      '\\u0041',
      '&#65;',
      '\\',
      '\0',
      ' ',
      ':',
      '"',
      '12, 3',
      '\n',
      '-',
    ),
  )
  .map((parts) => parts.join(''))

const secret = 'gAAAAABrASZ-bQ3J5/x9'

describe('a secret in bytes that stand encoded in a text, whatever is escaped around them', () => {
  it('is found', () => {
    const redactor = new Redactor([secret])
    fc.assert(
      fc.property(spelling, beside, beside, (spell, before, after) => {
        const spelt = spell.reduce((text, step) => step(text), secret)
        // What an error tells is searched as far as this.
        fc.pre(spelt.length < 8_192)
        const shown = redactor.wholeText(`${before}:${spelt}:${after}`)
        expect(shown).not.toContain(spelt)
      }),
      { numRuns: 1_500 },
    )
  })

  it('is found behind another one that ends like an escape and takes the first signs of this for its own', () => {
    const shown = new Redactor(['12&#x434']).wholeText('12&#x43412%26%23x434, 12&#x43412%26%23x43412&#x434')
    expect(shown).toBe('[redacted][redacted], [redacted][redacted][redacted]')
  })

  it('is found in JSON where it looks like escapes itself, one of them behind a backslash', () => {
    const odd = '\\234\\&#x412348ZbQ3J5'
    for (const spelt of [odd, JSON.stringify(odd), JSON.stringify(JSON.stringify(odd)), encodeURIComponent(odd)])
      expect(new Redactor([odd]).wholeText(spelt)).not.toContain('ZbQ3J5')
  })

  it('is found behind a stray backslash and a digit, which look like an octal number with its own first signs', () => {
    expect(new Redactor(['123$5678']).wholeText('\\1123%245678')).toBe('\\1[redacted]')
  })

  it('is looked for once in a run that several decodings have in common', () => {
    const runs = ['A'.repeat(64), '41'.repeat(32), '41 '.repeat(32), '65, '.repeat(32)]
    const lengths = runs.map((run) => decodings(run).length)
    // Each encoding beside the others brings its own decodings, and none of theirs again.
    expect(decodings(runs.join(' : ')).length).toBeLessThanOrEqual(lengths.reduce((sum, length) => sum + length))
    expect(decodings(runs.map((run) => `%41 ${run}`).join(' : ')).length).toBeLessThan(80)
  })
})
