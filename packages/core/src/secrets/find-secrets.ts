/** A place in a text, from its first character to the one after its last. */
export type Place = readonly [from: number, to: number]

/** Shortest prefix of a secret that is searched at the end of a text: shorter ones are there by chance. */
const TELLING = 8
/** For a secret that is shorter than that, two thirds are enough, but no fewer characters than these. */
const LEAST_TELLING = 4
/** Marks before which a text may have been cut off: an ellipsis, a quotation mark, or its end. */
const CUT = /^(?:…|\.\.\.|["'`]|$)/
/** Marks after which a text goes on with its end, and the longest suffix of a secret that is searched there. */
const LEFT_OUT = /…|\.\.\./g
const LONGEST_END = 64

/**
 * Most characters of all strings and suffixes that are searched for, at about 100 bytes each. With more, any text is taken to
 * contain one.
 */
const MOST = 300_000

/**
 * Finds any number of strings in a text in one pass, ignoring case (Aho and Corasick), and their prefixes and suffixes where a text
 * was shortened. It takes one step for each character, whatever the strings and the text.
 *
 * A node is a prefix of a string; 0 is the empty one.
 */
export class SecretFinder {
  /** For each node: its first next character and the node after it, 0 for none. Few nodes have more than one. */
  readonly #characters: number[] = [0]
  readonly #children: number[] = [0]
  /** For each node: the nodes after its further characters. */
  readonly #others: (Map<number, number> | undefined)[] = [new Map()]
  /** For each node: its longest suffix that is a prefix of a string, too. */
  readonly #fallbacks: number[] = [0]
  /** For each node: the length of the longest string that ends here; 0 for none. */
  readonly #found: number[] = [0]
  /** For each node: the length of the longest sufficient prefix that ends here; 0 for none. */
  readonly #telling: number[] = [0]
  /** Suffixes that are long enough to recognize a string. */
  readonly #ends = new Set<string>()
  /** True if there are too many strings. */
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

  /** Every place of a string in a text; the whole text if there are too many strings. */
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

  /** The node after a character; 0 for none. */
  #child(node: number, character: number): number {
    const child = this.#children[node] ?? 0
    if (child !== 0 && this.#characters[node] === character) return child
    return this.#others[node]?.get(character) ?? 0
  }

  /** The longest prefix after a character: if a string does not continue with it, its longest suffix that is a prefix may. */
  #next(node: number, character: number): number {
    for (let at = node; ; at = this.#fallbacks[at] ?? 0) {
      const child = this.#child(at, character)
      if (child !== 0 || at === 0) return child
    }
  }

  /** Nodes by length, so that each comes after the one that it falls back to. */
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

// Only ASCII, so that every character keeps its place.
const inSmallLetters = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
