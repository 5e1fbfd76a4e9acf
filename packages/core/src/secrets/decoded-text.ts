import { NOTHING, Pieces } from './decoded-bytes.ts'
import type { Place } from './find-secrets.ts'

const NONE = new Pieces()

/** A text with decoded pieces, and the mapping back to the encoded text. */
export class DecodedText {
  readonly text: string
  /** True if it was decoded from bytes: then short strings are in it by chance. */
  readonly isOfBytes: boolean
  readonly #whole: DecodedText | undefined
  readonly #pieces: Pieces
  /** For each character: 1 if it is new, or next to a removed one; `undefined` if all of it is new. */
  readonly #changes: Uint8Array | undefined
  #edges: Edges | undefined

  constructor(text: string, whole?: DecodedText, pieces = NONE, changes?: Uint8Array, isOfBytes = false) {
    this.text = text
    this.isOfBytes = isOfBytes
    this.#whole = whole
    this.#pieces = pieces
    this.#changes = changes
  }

  /** The text with these pieces in place of their encodings. */
  with(pieces: Pieces, isOfBytes = this.isOfBytes): DecodedText {
    const codes = new Uint16Array(this.text.length)
    const changes = new Uint8Array(this.text.length)
    let size = 0
    let isBehindGap = false
    pieces.walk(
      this.text.length,
      (from, to) => {
        if (isBehindGap) changes[size] = 1
        isBehindGap = false
        for (let at = from; at < to; at++) codes[size++] = this.text.charCodeAt(at)
      },
      (code, from, to) => {
        const isChanged = isBehindGap || this.isChanged(from, to)
        if (isChanged) changes[size] = 1
        isBehindGap = code === NOTHING && isChanged
        if (code !== NOTHING) codes[size++] = code
      },
    )
    return new DecodedText(textOf(codes.subarray(0, size)), this, pieces, changes.subarray(0, size), isOfBytes)
  }

  /** True if a part contains something new, and so may be an encoding that was not decoded before. */
  isChanged(from: number, to: number): boolean {
    if (this.#changes === undefined) return true
    // `indexOf` would search the whole rest of the text.
    for (let at = from; at < to; at++) if (this.#changes[at] === 1) return true
    return false
  }

  /** The place in the original text for a place in this one, including an escape in which it begins or ends. */
  original([from, to]: Place): Place {
    if (this.#whole === undefined) return [from, to]
    // Made on demand: most texts contain no secret, and the mapping is expensive.
    this.#edges ??= this.#makeEdges()
    const { starts, ends } = this.#edges
    return this.#whole.original([starts[from] ?? 0, ends[to - 1] ?? 0])
  }

  #makeEdges(): Edges {
    const { length } = this.text
    const [starts, ends] = [new Int32Array(length), new Int32Array(length)]
    let here = 0
    const put = (from: number, to: number) => {
      starts[here] = from
      ends[here++] = to
    }
    const end = this.#whole?.text.length ?? 0
    this.#pieces.walk(
      end,
      (from, to) => {
        for (let at = from; at < to; at++) put(at, at + 1)
      },
      (code, from, to) => {
        if (code !== NOTHING) put(from, to)
      },
    )
    return { starts, ends }
  }
}

/** Code units that are turned into text at once, because each is an argument. */
const AT_ONCE = 8_192

function textOf(codes: Uint16Array): string {
  const parts: string[] = []
  for (let at = 0; at < codes.length; at += AT_ONCE)
    // Spreading a list uses its iterator, which takes several times as long.
    parts.push(Reflect.apply(String.fromCharCode, undefined, codes.subarray(at, at + AT_ONCE)))
  return parts.join('')
}

/** For each character of a decoded text: where it begins and where it ends in the encoded text. */
interface Edges {
  readonly starts: Int32Array
  readonly ends: Int32Array
}
