import type { Pieces } from './decoded-bytes.ts'

/** An escape of one byte: its characters, a sign and digits, and their radix. */
export interface ByteEscape {
  readonly length: number
  readonly radix: number
}

export const PERCENT: ByteEscape = { length: 3, radix: 16 }
export const OCTAL: ByteEscape = { length: 4, radix: 8 }

/** A run of escaped bytes as UTF-8, each character with the escapes that it stands in. */
export function addBytes(pieces: Pieces, run: string, start: number, { length: step, radix }: ByteEscape): void {
  const bytes = new Uint8Array(run.length / step)
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = Number.parseInt(run.slice(at * step + 1, (at + 1) * step), radix)
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0
    const length = Math.min(lengthOf(first), bytes.length - at)
    const piece =
      length === 1 && first < 0x80 ? String.fromCharCode(first) : decoder.decode(bytes.subarray(at, at + length))
    pieces.add(piece, start + at * step, start + (at + length) * step)
    at += length
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes of the character in UTF-8 that begins with this one. */
const lengthOf = (byte: number): number => (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1)
