/** A text without its escapes, and the place in the original of each of its characters. */
export interface DecodedText {
  readonly text: string
  /** The place in the original at which each character begins. */
  readonly starts: readonly number[]
  /** The place in the original at which each character ends. */
  readonly ends: readonly number[]
}

/** Escapes within escapes that are undone: JSON in a string of JSON, in a page of HTML. */
const LAYERS = 3

// JSON's and JavaScript's escapes, XML's and HTML's, percent encoding, and the zeros of UTF-16 read as UTF-8.
const ESCAPE =
  /\\u([\da-f]{4})|\\x([\da-f]{2})|\\(["\\/'])|&#(\d{1,7});|&#x([\da-f]{1,6});|&(amp|lt|gt|quot|apos);|((?:%[\da-f]{2})+)|\0/gi
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text as it is, then with one layer of escapes after the other undone. */
export function decodings(text: string): readonly DecodedText[] {
  const places = Array.from({ length: text.length }, (_, at) => at)
  const all: DecodedText[] = [{ text, starts: places, ends: places.map((at) => at + 1) }]
  for (let layer = 0; layer < LAYERS; layer++) {
    const last = all.at(-1)
    const next = last && undone(last)
    if (next === undefined) break
    all.push(next)
  }
  return all
}

/** One layer of escapes undone; `undefined` where there are none. */
function undone({ text, starts, ends }: DecodedText): DecodedText | undefined {
  let decoded = ''
  const newStarts: number[] = []
  const newEnds: number[] = []
  let copied = 0
  const copy = (upTo: number) => {
    decoded += text.slice(copied, upTo)
    for (let at = copied; at < upTo; at++) push(at, at + 1)
    copied = upTo
  }
  const push = (from: number, to: number) => {
    newStarts.push(starts[from] ?? 0)
    newEnds.push(ends[to - 1] ?? 0)
  }
  for (const match of text.matchAll(ESCAPE)) {
    const at = match.index
    copy(at)
    for (const { piece, from, to } of meanings(match)) {
      decoded += piece
      for (let unit = 0; unit < piece.length; unit++) push(at + from, at + to)
    }
    copied = at + match[0].length
  }
  if (copied === 0) return undefined
  copy(text.length)
  return { text: decoded, starts: newStarts, ends: newEnds }
}

/** A piece of decoded text and its place in the escape. */
interface Piece {
  readonly piece: string
  readonly from: number
  readonly to: number
}

function meanings(match: RegExpExecArray): readonly Piece[] {
  const [whole, unicode, byte, literal, decimal, hex, entity, percent] = match
  if (percent !== undefined) return percentDecoded(percent)
  const code = unicode ?? byte ?? hex
  const piece =
    code !== undefined
      ? fromCode(Number.parseInt(code, 16))
      : decimal !== undefined
        ? fromCode(Number(decimal))
        : (literal ?? (entity === undefined ? '' : (ENTITIES[entity.toLowerCase()] ?? '')))
  return [{ piece, from: 0, to: whole.length }]
}

const fromCode = (code: number): string => (code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code))

/** A run of percent escapes as UTF-8, each character with the escapes that it stands in. */
function percentDecoded(run: string): readonly Piece[] {
  const bytes = Uint8Array.from(run.match(/[\da-f]{2}/gi) ?? [], (digits) => Number.parseInt(digits, 16))
  const pieces: Piece[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(lengthOf(bytes[at] ?? 0), bytes.length - at)
    const piece = new TextDecoder().decode(bytes.subarray(at, at + length))
    pieces.push({ piece, from: at * 3, to: (at + length) * 3 })
    at += length
  }
  return pieces
}

/** Bytes of the character in UTF-8 that begins with this one. */
const lengthOf = (byte: number): number => (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1)
