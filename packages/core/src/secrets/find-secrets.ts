/** A place in a text, from its first character to the one behind its last. */
export type Place = readonly [from: number, to: number]

/** Beginnings of a secret that are shorter stand before the end of a text by chance. */
const TELLING = 8
/** Of a secret that is shorter itself, two thirds tell enough, but no fewer characters than these. */
const LEAST_TELLING = 4
/** A text is cut off before these: an ellipsis, a quotation mark, or its end. */
const CUT = /^(?:…|\.\.\.|["'`]|$)/
/** The middle of a text was left out before what follows these; ends of secrets up to this length are known there. */
const LEFT_OUT = /…|\.\.\./g
const LONGEST_END = 64

/**
 * Finds any number of strings in a text in one pass, in capitals or not (Aho and Corasick), and their beginnings and ends
 * where a text was shortened. One step is made for each character, whatever the strings and the text are.
 */
export class SecretFinder {
  /** By character: its column in the table. Those that stand in no string share column 0. */
  readonly #columns = new Map<number, number>()
  /** By node and column: the node that a character leads to. A node is a beginning of a string; 0 is the empty one. */
  #table = new Int32Array()
  /** By node: the length of the longest string that ends here; 0 for none. */
  readonly #found: number[] = [0]
  /** By node: its length where so much of a string tells it; 0 where it does not. */
  readonly #telling: number[] = [0]
  /** Ends of strings that tell them. */
  readonly #ends = new Set<string>()

  constructor(given: readonly string[]) {
    const strings = [...new Set(given.map(inSmallLetters))]
    const next = new Map<number, number>()
    for (const text of strings) {
      this.#add(text, next)
      for (let length = tellingOf(text); length <= Math.min(text.length, LONGEST_END); length++)
        this.#ends.add(text.slice(-length))
    }
    this.#makeTable(next)
  }

  get isEmpty(): boolean {
    return this.#columns.size === 0
  }

  /** Every place of a string in a text. */
  placesIn(whole: string): readonly Place[] {
    const text = inSmallLetters(whole)
    const places: Place[] = []
    const width = this.#columns.size + 1
    let node = 0
    for (let at = 0; at < text.length; at++) {
      node = this.#table[node * width + (this.#columns.get(text.charCodeAt(at)) ?? 0)] ?? 0
      if (node === 0) continue
      const found = this.#found[node] ?? 0
      if (found > 0) places.push([at + 1 - found, at + 1])
      const telling = this.#telling[node] ?? 0
      if (telling > 0 && CUT.test(text.slice(at + 1, at + 4))) places.push([at + 1 - telling, at + 1])
    }
    for (const { 0: match, index } of text.matchAll(LEFT_OUT)) {
      const from = index + match.length
      for (let length = LONGEST_END; length >= LEAST_TELLING; length--) {
        if (this.#ends.has(text.slice(from, from + length))) places.push([from, from + length])
      }
    }
    return places
  }

  #add(text: string, next: Map<number, number>): void {
    const telling = tellingOf(text)
    let node = 0
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at)
      if (!this.#columns.has(character)) this.#columns.set(character, this.#columns.size + 1)
      const key = node * CHARACTERS + character
      let child = next.get(key)
      if (child === undefined) {
        child = this.#found.length
        next.set(key, child)
        this.#found.push(0)
        this.#telling.push(0)
      }
      node = child
      if (at + 1 >= telling) this.#telling[node] = at + 1
    }
    this.#found[node] = text.length
  }

  /** Nodes by length: where a string does not go on, its longest end that is a beginning does. */
  #makeTable(next: ReadonlyMap<number, number>): void {
    const width = this.#columns.size + 1
    const table = new Int32Array(this.#found.length * width)
    for (const [key, child] of next)
      table[Math.floor(key / CHARACTERS) * width + (this.#columns.get(key % CHARACTERS) ?? 0)] = child
    const fallbacks = new Int32Array(this.#found.length)
    const queue: number[] = [0]
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at] ?? 0
      const fallback = fallbacks[node] ?? 0
      this.#found[node] = Math.max(this.#found[node] ?? 0, this.#found[fallback] ?? 0)
      for (let column = 1; column < width; column++) {
        const place = node * width + column
        const onward = node === 0 ? 0 : (table[fallback * width + column] ?? 0)
        const child = table[place] ?? 0
        if (child === 0) table[place] = onward
        else {
          fallbacks[child] = onward
          queue.push(child)
        }
      }
    }
    this.#table = table
  }
}

const CHARACTERS = 0x1_00_00

const tellingOf = ({ length }: string): number =>
  Math.min(TELLING, Math.max(LEAST_TELLING, Math.ceil((length * 2) / 3)))

// ASCII alone: every character keeps its place.
const inSmallLetters = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
