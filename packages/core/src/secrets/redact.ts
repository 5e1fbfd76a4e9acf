import { decodings, withEscapesUndone } from './decodings.ts'
import { type Place, SecretFinder } from './find-secrets.ts'
import { spellings } from './spellings.ts'

/** Stands where a secret stood. */
export const REDACTED = '[redacted]'
/** Stands for a value nested deeper than this, for those beyond so many, and for what is no plain value. */
const TRUNCATED = '[…]'
/** Characters of a text that are searched for secrets: what a server sends has no bound. */
const LONGEST_READ = 8_192
/** Characters of a text that are decoded at once, and those of the next part that belong to it. */
const PART = 65_536
const OVERLAP = 16_384
/** Characters of all values together that are searched for one error. */
const MOST_READ = 131_072
/** Characters of a text that are shown. */
const LONGEST_TEXT = 4_096
/** Characters of a code that are shown. */
const LONGEST_CODE = 200
/** Lines of a stack that are shown. */
const MOST_LINES = 100
/** The user and password in an address, whosever they are: Node.js puts those of a proxy into its errors. */
const USER_INFORMATION = /\/\/[^\s/?#@"'<>]{1,1024}@/g
const DEEPEST = 32
const MOST_VALUES = 1_000
const MOST_TURNS = 4
/** Shorter secrets stand by chance in what is decoded from letters. */
const SHORTEST_IN_BYTES = 6

/** Removes the secrets of one call from all that is told of it. Made once for an error: making the spellings costs much. */
export class Redactor {
  readonly #finder: SecretFinder
  readonly #mark: string
  /** Searches of one text: a secret that ends like an escape takes the first characters of the next one for its own. */
  readonly #turns: number
  #values = 0
  #read = 0

  /** @param mark stands where a secret stood. */
  constructor(secrets: readonly string[], mark = REDACTED) {
    // What is longer than all that is read would never be found whole.
    this.#finder = new SecretFinder(allSpellings(secrets))
    this.#mark = mark
    // A secret that stands in the mark would be found for ever.
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

  /** A code that a server has made up: it may hold anything. */
  code(code: string): string {
    return this.text(code, LONGEST_CODE)
  }

  /** A value that came off the wire, keys included; cut off where it goes too deep or holds too much. */
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

  /** A text of any length without secrets; everything else in it stays as it is. */
  wholeText(text: string): string {
    let shown = text
    for (let turn = 0; turn < this.#turns; turn++) {
      const places = this.#placesIn(shown)
      if (places.length === 0) break
      shown = without(shown, places, this.#mark)
    }
    return shown
  }

  /** True if a secret stands in a text, or may stand in what is too long to be read. */
  isIn(text: string): boolean {
    return text.length > MOST_READ ? !this.isIdle : this.#placesIn(text).length > 0
  }

  /** A number, a `bigint` as the text of its digits: JSON has no other for it. */
  #number(value: number | bigint): unknown {
    const digits = String(value)
    if (this.#redacted(digits, LONGEST_CODE) !== digits) return this.#mark
    return typeof value === 'bigint' ? digits : value
  }

  #list(list: readonly unknown[], depth: number): unknown {
    // Bytes, as JSON shows them.
    const isOfBytes = list.length >= SHORTEST_IN_BYTES && list.every((item) => typeof item === 'number')
    if (isOfBytes && this.isIn(String(list.slice(0, LONGEST_READ)))) return this.#mark
    return this.#within(list, (item) => this.value(item, depth - 1))
  }

  /** As many of the items as are still to be shown. */
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
      // At the end of a part nothing was cut off: the next one has it whole.
      for (const [from, to] of this.#placesInPart(part))
        if (isLast || to < part.length) places.push([start + from, start + to])
    }
    return places
  }

  #placesInPart(text: string): readonly Place[] {
    return decodings(text).flatMap((decoded) =>
      this.#finder
        .placesIn(decoded.text)
        .filter(([from, to]) => !decoded.isOfBytes || to - from >= SHORTEST_IN_BYTES)
        .map((place) => decoded.original(place)),
    )
  }
}

/** One secret after the other: there may be more of them than are looked for. */
function* allSpellings(secrets: readonly string[]): Generator<string> {
  for (const secret of secrets)
    for (const undone of withEscapesUndone(secret.slice(0, LONGEST_READ))) yield* spellings(undone)
}

/** A text with a mark in the place of each of these, which may overlap. */
function without(text: string, places: readonly Place[], mark: string): string {
  let shown = ''
  let done = 0
  for (const [from, to] of places.toSorted(([one], [other]) => one - other)) {
    if (from >= done) shown += text.slice(done, from) + mark
    done = Math.max(done, to)
  }
  return shown + text.slice(done)
}

/** Others hold what cannot be looked through: bytes, maps, replies. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Control characters, and those that turn the direction of a text: a line break in a code would forge a line of a log. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

const escaped = (text: string): string =>
  text.replace(CONTROLS, (sign) =>
    sign === '\n' || sign === '\t' || sign === '\r'
      ? JSON.stringify(sign).slice(1, -1)
      : // With an end of its own, or its digits and those behind it would be read as one number.
        `\\u{${sign.charCodeAt(0).toString(16)}}`,
  )
