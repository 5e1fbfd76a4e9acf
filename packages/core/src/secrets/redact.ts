import { decodings, withEscapesUndone } from './decodings.ts'
import { type Place, SecretFinder } from './find-secrets.ts'
import { spellings } from './spellings.ts'

/** The mark in place of a secret. */
export const REDACTED = '[redacted]'
/** The mark in place of a value that is nested too deep, is one of too many, or is no plain value. */
const TRUNCATED = '[…]'
/** Most characters of a text that are searched for secrets: a server's text may have any length. */
const LONGEST_READ = 8_192
/** Characters of a text that are decoded at once, and those by which two parts overlap. */
const PART = 65_536
const OVERLAP = 16_384
/** Most characters of all values together that are searched for one error. */
const MOST_READ = 131_072
/** Most characters of a text that are shown. */
const LONGEST_TEXT = 4_096
/** Most characters of a code that are shown. */
const LONGEST_CODE = 200
/** Most lines of a stack that are shown. */
const MOST_LINES = 100
/** User and password in any URL: Node.js puts those of a proxy into its errors. */
const USER_INFORMATION = /\/\/[^\s/?#@"'<>]{1,1024}@/g
const DEEPEST = 32
const MOST_VALUES = 1_000
const MOST_TURNS = 4
/** Fewest characters of a secret in text that was decoded from bytes: shorter ones are there by chance. */
const SHORTEST_IN_BYTES = 6

/** Removes the secrets of one call from its errors and events. Made once for an error, because the spellings are expensive. */
export class Redactor {
  readonly #finder: SecretFinder
  readonly #mark: string
  /** Searches of one text: a secret that ends like an escape can hide the beginning of the next one from the first search. */
  readonly #turns: number
  #values = 0
  #read = 0

  /** @param mark the mark in place of a secret. */
  constructor(secrets: readonly string[], mark = REDACTED) {
    // A secret is cut to the length that is searched, or it would never be found.
    this.#finder = new SecretFinder(allSpellings(secrets))
    this.#mark = mark
    // A secret that is part of the mark would be found for ever.
    this.#turns = this.#finder.placesIn(mark).length > 0 ? 1 : MOST_TURNS
  }

  /** True if no secret is known. */
  get isIdle(): boolean {
    return this.#finder.isEmpty
  }

  /** A text of bounded length without secrets and control characters. */
  text(text: string, longest = LONGEST_TEXT): string {
    return escaped(this.#redacted(text, longest))
  }

  /** Lines of text, such as a stack. */
  lines(text: string): string {
    return this.#redacted(text, LONGEST_READ).split('\n').slice(0, MOST_LINES).map(escaped).join('\n')
  }

  /** A code from a server, which may contain anything. */
  code(code: string): string {
    return this.text(code, LONGEST_CODE)
  }

  /** A value from a server, with its keys; cut off if it is too deep or too large. */
  value(value: unknown, depth = DEEPEST): unknown {
    if (typeof value === 'string') return this.#counted(value)
    if (typeof value === 'number' || typeof value === 'bigint') return this.#number(value)
    if (typeof value === 'function' || typeof value === 'symbol') return TRUNCATED
    if (typeof value !== 'object' || value === null) return value
    if (depth === 0) return TRUNCATED
    if (Array.isArray(value)) return this.#list(value, depth)
    if (!isPlain(value)) return TRUNCATED
    const pairs = this.#within(Object.entries(value), ([name, item]) => [
      escaped(this.#counted(name)),
      this.value(item, depth - 1),
    ])
    return Object.fromEntries(pairs.map((pair) => (pair === TRUNCATED ? [TRUNCATED, TRUNCATED] : pair)))
  }

  /** A text of any length without secrets, otherwise unchanged. */
  wholeText(text: string): string {
    let shown = text
    for (let turn = 0; turn < this.#turns; turn++) {
      const places = this.#placesIn(shown)
      if (places.length === 0) break
      shown = without(shown, places, this.#mark)
    }
    return shown
  }

  /** True if a text contains a secret, or is too long to be searched. */
  isIn(text: string): boolean {
    return text.length > MOST_READ ? !this.isIdle : this.#placesIn(text).length > 0
  }

  /** A number; a `bigint` as a string of its digits, because JSON has no `bigint`. */
  #number(value: number | bigint): unknown {
    const digits = String(value)
    if (this.#redacted(digits, LONGEST_CODE) !== digits) return this.#mark
    return typeof value === 'bigint' ? digits : value
  }

  #list(list: readonly unknown[], depth: number): unknown {
    // Bytes, as they appear in JSON.
    const isOfBytes = list.length >= SHORTEST_IN_BYTES && list.every((item) => typeof item === 'number')
    if (isOfBytes && this.isIn(String(list.slice(0, LONGEST_READ)))) return this.#mark
    return this.#within(list, (item) => this.value(item, depth - 1))
  }

  /** As many of the items as may still be shown. */
  #within<In, Out>(items: readonly In[], show: (item: In) => Out): (Out | typeof TRUNCATED)[] {
    const left = Math.max(0, MOST_VALUES - this.#values)
    this.#values += Math.min(left, items.length)
    const shown: (Out | typeof TRUNCATED)[] = items.slice(0, left).map(show)
    if (items.length > left) shown.push(TRUNCATED)
    return shown
  }

  /** A text among many. */
  #counted(text: string): string {
    if (this.#read >= MOST_READ) return TRUNCATED
    this.#read += Math.min(text.length, LONGEST_READ)
    return this.#redacted(text, LONGEST_TEXT)
  }

  #redacted(whole: string, longest: number): string {
    const text = this.wholeText(whole.slice(0, LONGEST_READ))
    return (text.includes('@') ? text.replace(USER_INFORMATION, `//${this.#mark}@`) : text).slice(0, longest)
  }

  #placesIn(text: string): readonly Place[] {
    if (this.#finder.isEmpty) return []
    const places: Place[] = []
    for (let start = 0; start === 0 || start < text.length - OVERLAP; start += PART) {
      const part = text.slice(start, start + PART + OVERLAP)
      const isLast = start + part.length === text.length
      // A secret that ends at the end of a part may be cut off: the next part contains all of it.
      for (const [from, to] of this.#placesInPart(part))
        if (isLast || to < part.length) places.push([start + from, start + to])
    }
    return places
  }

  #placesInPart(text: string): readonly Place[] {
    return decodings(text).flatMap((decoded) => {
      const places = this.#finder
        .placesIn(decoded.text)
        .map((found) => ({ found: decoded.text.slice(...found), place: decoded.original(found) }))
      // What stands there undecoded would be found without its bytes, unless a digit behind it were read as a quotation mark.
      const isByBytes = ({ found, place }: (typeof places)[number]) =>
        found.length >= SHORTEST_IN_BYTES && text.slice(...place) !== found
      return (decoded.isOfBytes ? places.filter(isByBytes) : places).map(({ place }) => place)
    })
  }
}

/** A generator, because there may be more secrets than are searched for. */
function* allSpellings(secrets: readonly string[]): Generator<string> {
  for (const secret of secrets)
    for (const undone of withEscapesUndone(secret.slice(0, LONGEST_READ))) yield* spellings(undone)
}

/** A text with a mark in place of each of these places, which may overlap. */
function without(text: string, places: readonly Place[], mark: string): string {
  let shown = ''
  let done = 0
  for (const [from, to] of places.toSorted(([one], [other]) => one - other)) {
    if (from >= done) shown += text.slice(done, from) + mark
    done = Math.max(done, to)
  }
  return shown + text.slice(done)
}

/** True for an object whose members can be searched, unlike bytes, maps and replies. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Control characters, also of text direction: a line break in a code could forge a line of a log. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

const escaped = (text: string): string =>
  text.replace(CONTROLS, (sign) =>
    sign === '\n' || sign === '\t' || sign === '\r'
      ? JSON.stringify(sign).slice(1, -1)
      : // With an end of its own, or its digits and those behind it would be read as one number.
        `\\u{${sign.charCodeAt(0).toString(16)}}`,
  )
