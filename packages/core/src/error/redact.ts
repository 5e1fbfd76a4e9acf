import { decodings } from './decoded-text.ts'
import { type Place, SecretFinder } from './find-secrets.ts'

/** Stands where a secret stood. */
const REDACTED = '[redacted]'
/** Shorter strings are left alone: they stand in any text by chance. */
const SHORTEST = 3
/** Characters of a text that are searched for secrets: what a server sends has no bound. */
const LONGEST_READ = 8_192
/** Characters of a text that are shown. */
const LONGEST_TEXT = 4_096
/** Characters of a code that are shown. */
const LONGEST_CODE = 200
/** Stands for a value nested deeper than this, and for those beyond so many. */
const TRUNCATED = '[…]'
const DEEPEST = 32
const MOST_VALUES = 1_000

/** Removes the secrets of one call from all that is told of it. Made once for an error: the spellings are dear. */
export class Redactor {
  readonly #finders: readonly SecretFinder[]
  #values = 0

  constructor(secrets: readonly string[]) {
    this.#finders = [...new Set(secrets.flatMap(spellings))].map((spelling) => new SecretFinder(spelling))
  }

  /** A text of bounded length without secrets and control characters. */
  text(text: string, longest = LONGEST_TEXT): string {
    return escaped(this.#redacted(text, longest))
  }

  /** Lines of text, such as a stack. */
  lines(text: string): string {
    return text
      .split('\n')
      .map((line) => this.text(line))
      .join('\n')
  }

  /** A code that a server has made up: it may hold anything. */
  code(code: string): string {
    return this.text(code, LONGEST_CODE)
  }

  /** A value that came off the wire, keys included; cut off where it goes too deep or holds too much. */
  value(value: unknown, depth = DEEPEST): unknown {
    if (typeof value === 'string') return this.#redacted(value, LONGEST_TEXT)
    if (typeof value === 'number' || typeof value === 'bigint')
      return this.#redacted(String(value), LONGEST_CODE) === String(value) ? value : REDACTED
    if (typeof value !== 'object' || value === null) return value
    if (depth === 0) return TRUNCATED
    if (Array.isArray(value)) return this.#within(value, (item) => this.value(item, depth - 1))
    const pairs = this.#within(Object.entries(value), ([name, item]) => [this.text(name), this.value(item, depth - 1)])
    return Object.fromEntries(pairs.map((pair) => (pair === TRUNCATED ? [TRUNCATED, TRUNCATED] : pair)))
  }

  /** As many of the items as are still to be shown. */
  #within<In, Out>(items: readonly In[], show: (item: In) => Out): (Out | typeof TRUNCATED)[] {
    const left = Math.max(0, MOST_VALUES - this.#values)
    this.#values += Math.min(left, items.length)
    const shown: (Out | typeof TRUNCATED)[] = items.slice(0, left).map(show)
    if (items.length > left) shown.push(TRUNCATED)
    return shown
  }

  #redacted(whole: string, longest: number): string {
    const text = this.#withoutSecrets(whole.length > LONGEST_READ ? whole.slice(0, LONGEST_READ) : whole)
    return text.length > longest ? text.slice(0, longest) : text
  }

  #withoutSecrets(text: string): string {
    if (this.#finders.length === 0) return text
    const places = decodings(text).flatMap(({ text: decoded, starts, ends }) =>
      this.#finders.flatMap((finder) =>
        finder.placesIn(decoded).map(([from, to]): Place => [starts[from] ?? 0, ends[to - 1] ?? 0]),
      ),
    )
    return places.length === 0 ? text : without(text, places)
  }
}

/** A text with a mark in the place of each of these, which may overlap. */
function without(text: string, places: readonly Place[]): string {
  let shown = ''
  let done = 0
  for (const [from, to] of places.toSorted(([one], [other]) => one - other)) {
    if (from >= done) shown += text.slice(done, from) + REDACTED
    done = Math.max(done, to)
  }
  return shown + text.slice(done)
}

/** Control characters, and those that turn the direction of a text: a line break in a code would forge a line of a log. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

const escaped = (text: string): string =>
  text.replace(CONTROLS, (sign) =>
    sign === '\n' || sign === '\t' || sign === '\r'
      ? JSON.stringify(sign).slice(1, -1)
      : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** A secret as it is, and as writers spell it that do not use the escapes which are undone before it is looked for. */
function spellings(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return []
  const plain = secret.toWellFormed()
  const oneLine = secret.replace(/\s+/g, ' ')
  const inForm = plain.replaceAll(' ', '+')
  // Bytes in Latin-1 that were read as UTF-8.
  const unread = plain.replace(/[^\0-\x7f]/g, '\ufffd')
  const bytes = new TextEncoder().encode(plain)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const encoded = secret.length < 6 ? [] : [...base64(bytes), hex, hex.toUpperCase()]
  return [secret, plain, oneLine, inForm, unread, ...encoded].filter((text) => /[^\ufffd]{3}/.test(text))
}

/** Base64 of a secret that stands anywhere in what was encoded: in each of three positions, and with URL's alphabet. */
function base64(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = btoa(String.fromCharCode(...new Uint8Array(shift), ...bytes))
    // The first and last signs also depend on the neighbours.
    const own = text.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + bytes.length) * 8) / 6))
    return own.length < 6 ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
