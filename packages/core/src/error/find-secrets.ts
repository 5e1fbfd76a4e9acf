/** A place in a text, from its first character to the one behind its last. */
export type Place = readonly [from: number, to: number]

/** Beginnings of a secret that are shorter stand before the end of a text by chance. */
const TELLING = 8
/** A text is cut off before these: an ellipsis, a quotation mark, or its end. */
const CUT = /^(?:…|\.\.\.|["'`]|$)/

/** Finds a string in texts of any length in one pass (Knuth, Morris and Pratt), and its beginnings where a text is cut off. */
export class SecretFinder {
  readonly #secret: string
  /** For each beginning, the length of its longest end that is a beginning, too. */
  readonly #fallbacks: readonly number[]

  constructor(secret: string) {
    this.#secret = secret
    const fallbacks = [0]
    for (let at = 1, length = 0; at < secret.length; at++) {
      while (length > 0 && secret[at] !== secret[length]) length = fallbacks[length - 1] ?? 0
      if (secret[at] === secret[length]) length++
      fallbacks.push(length)
    }
    this.#fallbacks = fallbacks
  }

  /** Every place of the secret in a text. */
  placesIn(text: string): readonly Place[] {
    const secret = this.#secret
    const places: Place[] = []
    let length = 0
    for (let at = 0; at < text.length; at++) {
      if (length >= TELLING && text[at] !== secret[length] && CUT.test(text.slice(at, at + 3)))
        places.push([at - length, at])
      while (length > 0 && text[at] !== secret[length]) length = this.#fallbacks[length - 1] ?? 0
      if (text[at] === secret[length]) length++
      if (length < secret.length) continue
      places.push([at + 1 - length, at + 1])
      length = 0
    }
    if (length >= TELLING) places.push([text.length - length, text.length])
    return places
  }
}
