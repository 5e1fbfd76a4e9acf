import { redactCause } from '../../../packages/core/src/error/redact-cause.ts'
import { Redactor } from '../../../packages/core/src/secrets/redact.ts'
import { ensure, joined, partsOf, type Target } from '../target.ts'

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')
const units = (text: string, spell: (unit: number) => string) =>
  Array.from({ length: text.length }, (_, at) => spell(text.charCodeAt(at))).join('')
const points = (text: string, spell: (point: number) => string) =>
  Array.from(text, (sign) => spell(sign.codePointAt(0) ?? 0)).join('')
const bytesOf = (text: string) => Buffer.from(text.toWellFormed())

/** Spellings that are undone, and those that are looked for as they are. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  j: (text) => JSON.stringify(text).slice(1, -1),
  u: (text) => units(text, (unit) => `\\u${hex(unit, 4)}`),
  p: (text) => encodeURIComponent(text.toWellFormed()),
  P: (text) => Array.from(bytesOf(text), (byte) => `%${hex(byte, 2)}`).join(''),
  x: (text) => points(text.toWellFormed(), (point) => `&#x${hex(point, 1)};`),
  d: (text) => points(text.toWellFormed(), (point) => `&#${point};`),
  h: (text) =>
    text.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? '&apos;'),
}
const last: Readonly<Record<string, (text: string) => string>> = {
  b: (text) => bytesOf(text).toString('base64').replace(/=+$/, ''),
  B: (text) => bytesOf(`a${text}b`).toString('base64url'),
  H: (text) => bytesOf(text).toString('hex'),
}

/** Characters of the text in which a secret is planted. */
const LONGEST = 2_048

/** A text in which each `§` and up to three letters behind it stand for the secret in these spellings. */
const planted = (text: string, secret: string): string =>
  text.replace(/§([a-z]{0,3})/gi, (_, letters: string) =>
    [...letters].reduce((spelt, letter) => (spellings[letter] ?? last[letter])?.(spelt) ?? spelt, secret),
  )

const ESCAPE =
  /\\u([\da-f]{4})|\\x([\da-f]{2})|\\(["\\/'])|&#(\d{1,7});|&#x([\da-f]{1,6});|&(amp|lt|gt|quot|apos);|((?:%[\da-f]{2})+)/gi
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** One layer of escapes undone. */
const undone = (text: string): string =>
  text.replace(ESCAPE, (whole, unicode, byte, sign, decimal, digits, entity, percent) => {
    if (percent !== undefined) return Buffer.from(percent.replaceAll('%', ''), 'hex').toString()
    if (sign !== undefined) return sign
    if (entity !== undefined) return ENTITIES[entity.toLowerCase()] ?? whole
    const point = decimal === undefined ? Number.parseInt(unicode ?? byte ?? digits, 16) : Number(decimal)
    return point > 0x10ffff ? whole : String.fromCodePoint(point)
  })

/** True if a text shows the secret: as it is, or after up to three layers of escapes are removed. */
function shows(shown: string, secret: string): boolean {
  const texts = [shown.replaceAll('[redacted]', '█')]
  while (texts.length < 4) texts.push(undone(texts.at(-1) ?? ''))
  return texts.some((text) => text.includes(secret))
}

export const redactionTarget: Target = {
  name: 'redaction',
  covers: /packages\/core\/src\/(?:secrets\/(?:decoded-|find-secrets|redact|spellings)|error\/redact)/,
  seeds: [
    joined('pässwörd-"1"', 'no § here, §j or §u, §p §P &amp; §x\n§d §h'),
    joined('correct  horse\tb', '{"a":"§jj","b":["§pj"],"§":1}'),
    joined('12345678', '{"a":12345678,"b":"§ppp"}'),
    joined('gAAAAABrASZbQ3J5', 'the token gAAAAABrAS… is §b or §B or §H\0'),
    joined('💥💥💥💥secret', '§xu §Px §dp §hj %41\\u0041&#65;'),
    joined('aaaabaaaabaaaab', 'aaaab§aaaab§§\\x61\\/'),
  ],
  run(input) {
    const [secret = '', text = ''] = partsOf(input, 2)
    // The secret must be unmistakable, and none of our own marks.
    if (secret.length < 8 || /[§\ufffd█…]|redacted/.test(secret)) return 'none'
    const redactor = new Redactor([secret])
    // A few bytes of input may stand for thousands of characters, and the time of an input is limited.
    const source = planted(text, secret).slice(0, LONGEST)
    const shown = redactor.text(source)
    ensure(!shows(shown, secret), 'no secret is shown')
    ensure(
      shown.length <= 6 * 4_096 && !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(shown),
      'a text is bounded, and one line',
    )
    const cause = redactCause(
      Object.assign(new TypeError(source, { cause: new Error(source) }), { code: source, data: source }),
      redactor,
    ) as Error
    ensure(
      ![cause.message, cause.stack ?? '', String(cause.cause)].some((one) => shows(one, secret)),
      'no cause shows it',
    )
    return `${shown.includes('[redacted]')} ${valueWithout(redactor, source, secret)}`
  },
  around: (hostile) => [
    joined('secret-word', hostile),
    joined(hostile.slice(0, 4_096).replaceAll('\n', ' '), hostile),
    joined('secret-word', `${'§ppp'.repeat(500)}`),
  ],
}

/** The texts and the keys in a value. */
const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)])
    : [String(value)]

/** Redacts what the text is as JSON. */
function valueWithout(redactor: Redactor, text: string, secret: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'text'
  }
  ensure(!textsIn(redactor.value(value)).some((shown) => shows(shown, secret)), 'no value shows it')
  return typeof value
}
