/** A piece of decoded text and its place in the text that it was read from. */
export interface Piece {
  readonly piece: string
  readonly from: number
  readonly to: number
}

/** Runs of base64, also with URL's alphabet and broken into lines. */
const BASE64 = /[\w+/-]{8,}(?:\r?\n[\w+/-]+)*/g
/** Runs of hexadecimal digits. */
const HEX = /[\da-f]{6,}/gi
/** Bytes in hexadecimal, one by one, as Node.js shows a `Buffer`. */
const HEX_APART = /[\da-f]{2}(?:[ :,+-][\da-f]{2}){3,}/gi
/** Bytes as numbers, as JSON shows a `Buffer`. */
const NUMBERS = /\d{1,3}(?:, ?\d{1,3}){3,}/g

/**
 * The bytes that stand encoded in a text, a character for a byte: a list of pieces for each encoding and for each place
 * in a run at which a byte may begin.
 */
export function decodedBytes(text: string): readonly (readonly Piece[])[] {
  return [
    ...[0, 1, 2, 3].map((shift) => runsIn(text, BASE64, (run) => fromBase64(run, shift))),
    ...[0, 1].map((shift) => runsIn(text, HEX, (run) => inPairs(run, shift))),
    runsIn(text, HEX_APART, (run) => each(run, /[\da-f]{2}/gi, 16)),
    runsIn(text, NUMBERS, (run) => each(run, /\d+/g, 10)),
  ].filter((pieces) => pieces.length > 0)
}

function runsIn(text: string, pattern: RegExp, read: (run: string) => readonly Piece[]): readonly Piece[] {
  const pieces: Piece[] = []
  for (const { 0: run, index } of text.matchAll(pattern)) {
    for (const { piece, from, to } of read(run)) pieces.push({ piece, from: index + from, to: index + to })
  }
  return pieces
}

function fromBase64(run: string, shift: number): readonly Piece[] {
  const pieces: Piece[] = []
  // The bits read so far that belong to no byte yet. A sign may end one byte and begin the next.
  let bits = 0
  let bitCount = 0
  let seen = 0
  let from = 0
  for (let at = 0; at < run.length; at++) {
    const value = sextetOf(run.charCodeAt(at))
    if (value === undefined || seen++ < shift) continue
    // What stands between two bytes, such as the end of a line, goes with the second.
    if (bitCount === 0) from = pieces.at(-1)?.to ?? at
    bits = ((bits << 6) | value) & 0xffff
    bitCount += 6
    if (bitCount < 8) continue
    bitCount -= 8
    pieces.push({ piece: String.fromCharCode((bits >> bitCount) & 0xff), from, to: at + 1 })
    from = at
  }
  return pieces
}

function sextetOf(code: number): number | undefined {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41
  if (code >= 0x61 && code <= 0x7a) return code - 0x47
  if (code >= 0x30 && code <= 0x39) return code + 4
  if (code === 0x2b || code === 0x2d) return 62
  return code === 0x2f || code === 0x5f ? 63 : undefined
}

function inPairs(run: string, shift: number): readonly Piece[] {
  const pieces: Piece[] = []
  for (let at = shift; at + 2 <= run.length; at += 2)
    pieces.push({ piece: byteOf(run.slice(at, at + 2), 16), from: at, to: at + 2 })
  return pieces
}

const each = (run: string, pattern: RegExp, radix: number): readonly Piece[] =>
  [...run.matchAll(pattern)].map(({ 0: digits, index }, at, { length }) => ({
    piece: byteOf(digits, radix),
    from: index,
    to: at + 1 === length ? index + digits.length : index + digits.length + 1,
  }))

const byteOf = (digits: string, radix: number): string => String.fromCharCode(Number.parseInt(digits, radix) & 0xff)
