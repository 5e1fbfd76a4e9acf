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
 * Characters of strings, and ends of them, that are looked for at most: whoever shows more floods the search, and then any text
 * may hold one. About 100 bytes each.
 */
const MOST = 300_000

/**
 * Finds any number of strings in a text in one pass, in capitals or not (Aho and Corasick), and their beginnings and ends
 * where a text was shortened. The steps are as many as there are characters, whatever the strings and the text are.
 *
 * A node is a beginning of a string; 0 is the empty one.
 */
export class SecretFinder {
  /** By node: the character that goes on, and the node that it comes to, 0 for none. Few nodes have more than that one. */
  readonly #characters: number[] = [0]
  readonly #children: number[] = [0]
  /** By node: the nodes that its further characters come to. */
  readonly #others: (Map<number, number> | undefined)[] = [new Map()]
  /** By node: its longest end that is a beginning, too. */
  readonly #fallbacks: number[] = [0]
  /** By node: the length of the longest string that ends here; 0 for none. */
  readonly #found: number[] = [0]
  /** By node: the length of the longest beginning that ends here and tells its string; 0 for none. */
  readonly #telling: number[] = [0]
  /** Ends of strings that tell them. */
  readonly #ends = new Set<string>()
  /** True if there are too many strings to be looked for. */
  #isFlooded = false

  constructor(given: Iterable<string>) {
    const known = new Set<string>()
    for (const text of given) {
      const string = inSmallLetters(text)
      if (known.has(string)) continue
      known.add(string)
      this.#add(string)
      this.#isFlooded = this.#found.length + this.#ends.size > MOST
      if (this.#isFlooded) return
    }
    this.#makeFallbacks()
  }

  get isEmpty(): boolean {
    return this.#found.length === 1
  }

  /** Every place of a string in a text; all of it where there are too many strings. */
  placesIn(whole: string): readonly Place[] {
    if (this.#isFlooded) return whole === '' ? [] : [[0, whole.length]]
    const text = inSmallLetters(whole)
    const places: Place[] = []
    let node = 0
    for (let at = 0; at < text.length; at++) {
      node = this.#next(node, text.charCodeAt(at))
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

  #add(text: string): void {
    const telling = tellingOf(text)
    let node = 0
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at)
      node = this.#child(node, character) || this.#addNode(node, character)
      if (at + 1 >= telling) this.#telling[node] = at + 1
    }
    this.#found[node] = text.length
    for (let length = telling; length <= Math.min(text.length, LONGEST_END); length++)
      this.#ends.add(text.slice(-length))
  }

  #addNode(node: number, character: number): number {
    const child = this.#found.length
    for (const list of [this.#characters, this.#children, this.#fallbacks, this.#found, this.#telling]) list.push(0)
    this.#others.push(undefined)
    if (node !== 0 && this.#children[node] === 0) {
      this.#characters[node] = character
      this.#children[node] = child
      return child
    }
    this.#others[node] ??= new Map()
    this.#others[node].set(character, child)
    return child
  }

  /** The node that a character comes to; 0 for none. */
  #child(node: number, character: number): number {
    const child = this.#children[node] ?? 0
    if (child !== 0 && this.#characters[node] === character) return child
    return this.#others[node]?.get(character) ?? 0
  }

  /** The longest beginning after a character: where a string does not go on, its longest end that is a beginning may. */
  #next(node: number, character: number): number {
    for (let at = node; ; at = this.#fallbacks[at] ?? 0) {
      const child = this.#child(at, character)
      if (child !== 0 || at === 0) return child
    }
  }

  /** Nodes by length: each has the one that it falls back to behind it. */
  #makeFallbacks(): void {
    const queue: number[] = [0]
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at] ?? 0
      for (const [character, child] of this.#childrenOf(node)) {
        const fallback = node === 0 ? 0 : this.#next(this.#fallbacks[node] ?? 0, character)
        this.#fallbacks[child] = fallback
        this.#found[child] = Math.max(this.#found[child] ?? 0, this.#found[fallback] ?? 0)
        this.#telling[child] = Math.max(this.#telling[child] ?? 0, this.#telling[fallback] ?? 0)
        queue.push(child)
      }
    }
  }

  *#childrenOf(node: number): Generator<readonly [character: number, child: number]> {
    const child = this.#children[node] ?? 0
    if (child !== 0) yield [this.#characters[node] ?? 0, child]
    yield* this.#others[node] ?? []
  }
}

const tellingOf = ({ length }: string): number =>
  Math.min(TELLING, Math.max(LEAST_TELLING, Math.ceil((length * 2) / 3)))

// ASCII alone: every character keeps its place.
const inSmallLetters = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
