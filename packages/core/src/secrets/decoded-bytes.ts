/** The code of an empty piece. */
export const NOTHING = -1

/**
 * Pieces of decoded text with their places in the encoded text, stored by columns, because a text may have a piece for each
 * character. A piece of several UTF-16 code units has an entry for each.
 */
export class Pieces {
  size = 0
  #codes = new Int32Array(16)
  #from = new Int32Array(16)
  #to = new Int32Array(16)

  add(text: string, from: number, to: number): void {
    if (text === '') this.addCode(NOTHING, from, to)
    for (let at = 0; at < text.length; at++) this.addCode(text.charCodeAt(at), from, to)
  }

  addCode(code: number, from: number, to: number): void {
    if (this.size === this.#codes.length) {
      this.#codes = twiceAsLong(this.#codes)
      this.#from = twiceAsLong(this.#from)
      this.#to = twiceAsLong(this.#to)
    }
    this.#codes[this.size] = code
    this.#from[this.size] = from
    this.#to[this.size++] = to
  }

  /** Calls these for the whole decoded text, in order: for each part that is copied, and for each piece. */
  walk(end: number, copy: (from: number, to: number) => void, put: (code: number, from: number, to: number) => void) {
    let copied = 0
    for (let at = 0; at < this.size; at++) {
      const from = this.#from[at] ?? 0
      const to = this.#to[at] ?? 0
      if (copied < from) copy(copied, from)
      put(this.#codes[at] ?? 0, from, to)
      copied = Math.max(copied, from, to)
    }
    if (copied < end) copy(copied, end)
  }
}

function twiceAsLong(column: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(column.length * 2)
  longer.set(column)
  return longer
}

/** Runs of base64, also with the URL-safe alphabet and broken into lines. */
const BASE64 = /[\w+/-]{8,}(?:\r?\n[\w+/-]+)*/g
/** Runs of hexadecimal digits. */
const HEX = /[\da-f]{6,}/gi
/** Separate bytes in hexadecimal, as Node.js prints a `Buffer` and C a list. */
const HEX_APART = /(?:0x)?[\da-f]{2}(?:[ :,+-]\s*(?:0x)?[\da-f]{2}){3,}/gi
/** Bytes of quoted-printable, as in mails. Any text with `=` before such digits looks like it. */
const QUOTED_PRINTABLE = /=(?:[\da-f]{2}|\r?\n)/gi
/** Bytes as decimal numbers, as in a `Buffer` in JSON, a list in Python, or an array that Node.js prints in lines. */
const NUMBERS = /\d{1,3}(?:,\s*\d{1,3}){3,}/g
/** Bytes as octal numbers, as in C and in protobuf's text format. Any backslash before digits looks like it. */
const OCTAL = /(?:\\[0-3][0-7]{2})+/g

/** A text, with the parts of it that were not searched before. */
interface Source {
  readonly text: string
  isChanged(from: number, to: number): boolean
}

/**
 * The bytes that are encoded in a text, as one character for each byte: a list of pieces for each encoding, and for each offset in
 * a run at which a byte may begin. Runs that were in the text before are skipped.
 */
export function decodedBytes(source: Source): readonly Pieces[] {
  return READINGS.flatMap(([pattern, adds]) => runsIn(source, pattern, adds))
}

/** Adds the bytes of a run that begins at `start`. */
type AddRun = (pieces: Pieces, run: string, start: number) => void

/** The pieces of each way to read the runs of one encoding. */
function runsIn(source: Source, pattern: RegExp, adds: readonly AddRun[]): readonly Pieces[] {
  const all: Pieces[] = []
  // A text may be decoded into a hundred others, most of them short, for which `matchAll` costs more than a test.
  pattern.lastIndex = 0
  for (let match = pattern.exec(source.text); match !== null; match = pattern.exec(source.text)) {
    const { 0: run, index } = match
    if (!source.isChanged(index, index + run.length)) continue
    for (const [at, add] of adds.entries()) {
      all[at] ??= new Pieces()
      add(all[at], run, index)
    }
  }
  return all.filter(({ size }) => size > 0)
}

function addBase64(pieces: Pieces, run: string, start: number, shift: number): void {
  // The bits that belong to no byte yet. One character may end a byte and begin the next.
  let bits = 0
  let bitCount = 0
  let seen = 0
  let from = 0
  let last = -1
  for (let at = 0; at < run.length; at++) {
    const value = sextetOf(run.charCodeAt(at))
    if (value === undefined || seen++ < shift) continue
    // Text between two bytes, such as a line break, counts as part of the second.
    if (bitCount === 0) from = last < 0 ? at : last
    bits = ((bits << 6) | value) & 0xffff
    bitCount += 6
    if (bitCount < 8) continue
    bitCount -= 8
    last = at + 1
    pieces.addCode((bits >> bitCount) & 0xff, start + from, start + last)
    from = at
  }
}

function sextetOf(code: number): number | undefined {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41
  if (code >= 0x61 && code <= 0x7a) return code - 0x47
  if (code >= 0x30 && code <= 0x39) return code + 4
  if (code === 0x2b || code === 0x2d) return 62
  return code === 0x2f || code === 0x5f ? 63 : undefined
}

function addPairs(pieces: Pieces, run: string, start: number, shift: number): void {
  for (let at = shift; at + 2 <= run.length; at += 2) {
    const byte = digitOf(run.charCodeAt(at)) * 16 + digitOf(run.charCodeAt(at + 1))
    pieces.addCode(byte, start + at, start + at + 2)
  }
}

/** The value of a hexadecimal digit. */
const digitOf = (code: number): number => (code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57)

/** A byte of quoted-printable, or a soft line break. */
function addQuoted(pieces: Pieces, run: string, start: number): void {
  const byte = Number.parseInt(run.slice(1), 16)
  pieces.addCode(Number.isNaN(byte) ? NOTHING : byte, start, start + run.length)
}

/** @param pattern a byte in digits, with the separator after it. */
function addEach(pieces: Pieces, run: string, start: number, pattern: RegExp, radix: number): void {
  for (const { 0: whole, 1: digits = '', index } of run.matchAll(pattern))
    pieces.addCode(Number.parseInt(digits, radix) & 0xff, start + index, start + index + whole.length)
}

/** The ways to read a run, one for each offset at which a byte may begin. */
const shifted = (count: number, add: (pieces: Pieces, run: string, start: number, shift: number) => void): AddRun[] =>
  Array.from({ length: count }, (_, shift) => (pieces, run, start) => add(pieces, run, start, shift))

/** The way to read a run of separate bytes. */
const each =
  (pattern: RegExp, radix: number): AddRun =>
  (pieces, run, start) =>
    addEach(pieces, run, start, pattern, radix)

const READINGS: readonly (readonly [pattern: RegExp, adds: readonly AddRun[]])[] = [
  [BASE64, shifted(4, addBase64)],
  [HEX, shifted(2, addPairs)],
  [HEX_APART, [each(/(?:0x)?([\da-f]{2})[^\da-f]*/gi, 16)]],
  [NUMBERS, [each(/(\d+)\D*/g, 10)]],
  [QUOTED_PRINTABLE, [addQuoted]],
  [OCTAL, [each(/\\(\d+)/g, 8)]],
]
