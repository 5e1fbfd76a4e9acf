/** A place in a text, from its first character to the one behind its last. */
export type Place = readonly [from: number, to: number]

/** Beginnings of a secret that are shorter stand before the end of a text by chance. */
const TELLING = 8
/** Of a secret that is shorter itself, two thirds tell enough, but no fewer characters than these. */
const LEAST_TELLING = 4
/** A text is cut off before these: an ellipsis, a quotation mark, or its end. */
const CUT = /^(?:…|\.\.\.|["'`]|$)/
/** The end of a text whose middle was left out. */
const TAIL = /(?:…|\.\.\.)([^\s"'`.…]{4,200})/g

/**
 * Finds any number of strings in a text in one pass, in capitals or not (Aho and Corasick), and their beginnings and ends
 * where a text was shortened.
 */
export class SecretFinder {
  /** By node and character: the node of the string that is one character longer. */
  readonly #next = new Map<number, number>()
  /** By node: that of its longest end that is a beginning, too. */
  readonly #fallback: number[] = [0]
  /** By node: the length of the longest string that ends here; 0 for none. */
  readonly #found: number[] = [0]
  readonly #depth: number[] = [0]
  /** By node: true where so much of a string tells it. */
  readonly #telling: boolean[] = [false]
  readonly #strings: readonly string[]

  constructor(strings: readonly string[]) {
    this.#strings = [...new Set(strings.map(inSmallLetters))]
    for (const text of this.#strings) this.#add(text)
    this.#linkFallbacks()
  }

  get isEmpty(): boolean {
    return this.#strings.length === 0
  }

  /** Every place of a string in a text. */
  placesIn(whole: string): readonly Place[] {
    const text = inSmallLetters(whole)
    const places: Place[] = []
    let node = 0
    for (let at = 0; at < text.length; at++) {
      node = this.#step(node, text.charCodeAt(at))
      const found = this.#found[node] ?? 0
      if (found > 0) places.push([at + 1 - found, at + 1])
      if (this.#telling[node] && CUT.test(text.slice(at + 1, at + 4)))
        places.push([at + 1 - (this.#depth[node] ?? 0), at + 1])
    }
    for (const { 0: match, 1: tail = '', index } of text.matchAll(TAIL)) {
      const end = index + match.length
      if (this.#strings.some((one) => one.endsWith(tail) && tail.length >= tellingOf(one)))
        places.push([end - tail.length, end])
    }
    return places
  }

  #step(from: number, character: number): number {
    let node = from
    let next = this.#next.get(keyOf(node, character))
    while (next === undefined && node !== 0) {
      node = this.#fallback[node] ?? 0
      next = this.#next.get(keyOf(node, character))
    }
    return next ?? 0
  }

  #add(text: string): void {
    const telling = tellingOf(text)
    let node = 0
    for (let at = 0; at < text.length; at++) {
      const key = keyOf(node, text.charCodeAt(at))
      let next = this.#next.get(key)
      if (next === undefined) {
        next = this.#depth.length
        this.#next.set(key, next)
        this.#depth.push(at + 1)
        this.#fallback.push(0)
        this.#found.push(0)
        this.#telling.push(false)
      }
      node = next
      if (at + 1 >= telling) this.#telling[node] = true
    }
    this.#found[node] = text.length
  }

  #linkFallbacks(): void {
    // By depth: a fallback is always shorter.
    const edges = [...this.#next].sort(([, one], [, other]) => (this.#depth[one] ?? 0) - (this.#depth[other] ?? 0))
    for (const [key, node] of edges) {
      const [parent, character] = [Math.floor(key / CHARACTERS), key % CHARACTERS]
      const fallback = parent === 0 ? 0 : this.#step(this.#fallback[parent] ?? 0, character)
      this.#fallback[node] = fallback
      this.#found[node] = Math.max(this.#found[node] ?? 0, this.#found[fallback] ?? 0)
    }
  }
}

const CHARACTERS = 0x1_00_00
const keyOf = (node: number, character: number): number => node * CHARACTERS + character

const tellingOf = ({ length }: string): number =>
  Math.min(TELLING, Math.max(LEAST_TELLING, Math.ceil((length * 2) / 3)))

// ASCII alone: every character keeps its place.
const inSmallLetters = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
