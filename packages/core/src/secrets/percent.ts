import type { Pieces } from './decoded-bytes.ts'

/** A run of percent escapes decoded as UTF-8, each character with its escapes. */
export function addPercentDecoded(pieces: Pieces, run: string, start: number): void {
  const bytes = new Uint8Array(run.length / 3)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(run.slice(at * 3 + 1, at * 3 + 3), 16)
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0
    const length = Math.min(lengthOf(first), bytes.length - at)
    const piece =
      length === 1 && first < 0x80 ? String.fromCharCode(first) : decoder.decode(bytes.subarray(at, at + length))
    pieces.add(piece, start + at * 3, start + (at + length) * 3)
    at += length
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Number of bytes of the UTF-8 character that begins with this byte. */
const lengthOf = (byte: number): number => (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1)
