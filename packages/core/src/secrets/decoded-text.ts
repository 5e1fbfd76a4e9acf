import { NOTHING, Pieces } from './decoded-bytes.ts'
import type { Place } from './find-secrets.ts'

const NONE = new Pieces()

/** A text in which pieces of another stand decoded, and the way back to that one. */
export class DecodedText {
  readonly text: string
  /** True if it was made of bytes: then short strings stand in it by chance. */
  readonly isOfBytes: boolean
  readonly #whole: DecodedText | undefined
  readonly #pieces: Pieces
  /** By character: 1 where it is new, or stands beside what was left out; `undefined` if all of it is new. */
  readonly #changes: Uint8Array | undefined
  #edges: Edges | undefined

  constructor(text: string, whole?: DecodedText, pieces = NONE, changes?: Uint8Array, isOfBytes = false) {
    this.text = text
    this.isOfBytes = isOfBytes
    this.#whole = whole
    this.#pieces = pieces
    this.#changes = changes
  }

  /** The text with these pieces in the places that they were read from. */
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

  /** True if a part holds what the text before did not, and so may be an encoding that was not undone there. */
  isChanged(from: number, to: number): boolean {
    if (this.#changes === undefined) return true
    // `indexOf` would look through all that follows.
    for (let at = from; at < to; at++) if (this.#changes[at] === 1) return true
    return false
  }

  /** The place in the original text of a place in this one, with all of an escape that it begins or ends in. */
  original([from, to]: Place): Place {
    if (this.#whole === undefined) return [from, to]
    // Most texts hold no secret, and the way back costs much.
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

/** Code units that are made a text at once: each is an argument. */
const AT_ONCE = 8_192

function textOf(codes: Uint16Array): string {
  const parts: string[] = []
  for (let at = 0; at < codes.length; at += AT_ONCE)
    // A list spread out is read by its iterator, which takes several times as long.
    parts.push(Reflect.apply(String.fromCharCode, undefined, codes.subarray(at, at + AT_ONCE)))
  return parts.join('')
}

/** By character of a decoded text: the place in the text before at which it begins, and that at which it ends. */
interface Edges {
  readonly starts: Int32Array
  readonly ends: Int32Array
}
