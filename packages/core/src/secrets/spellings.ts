import { percentDecoded } from './credentials.ts'

/** Fewest characters of a secret: shorter strings are in any text by chance. */
const SHORTEST = 3

/** A secret itself, and in the spellings of encodings that are not decoded before the search. */
export function spellings(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return []
  const plain = secret.toWellFormed()
  // A caller may have given it percent-encoded, and others may decode that.
  const spelt = [
    secret,
    plain,
    secret.replace(/\s+/g, ' '),
    plain.replaceAll(' ', '+'),
    percentDecoded(secret),
    ...quoted(plain),
  ]
  const all = BEYOND_ASCII.test(plain) ? [...spelt, ...misread(plain)] : spelt
  return [...new Set(all)].filter((text) => /[^\ufffd?]{3}/.test(text))
}

/** Quotation marks as they are escaped in SQL and CSV, and in a shell. */
function quoted(text: string): readonly string[] {
  if (!/["']/.test(text)) return []
  return [text.replaceAll("'", "''"), text.replaceAll('"', '""'), text.replaceAll("'", "'\\''")]
}

const BEYOND_ASCII = /[^\0-\x7f]/

/** A text that was written in one encoding and read in another. Zeros are left out, because they are decoded like escapes. */
function misread(text: string): readonly string[] {
  const bytes = new TextEncoder().encode(text)
  const all = new RegExp(BEYOND_ASCII, 'g')
  return [
    // With combining accents, and without.
    text.normalize('NFC'),
    text.normalize('NFD'),
    // UTF-8 that was read byte by byte.
    inLatin1(bytes),
    new TextDecoder('windows-1252').decode(bytes),
    // Latin-1 bytes that were read as UTF-8, and characters that a writer replaced.
    text.replace(all, '\ufffd'),
    text.replace(all, '?'),
    ...[true, false].flatMap((littleEndian) => {
      const wide = inUtf16(text, littleEndian)
      return [new TextDecoder().decode(wide), inLatin1(wide)].map((read) => read.replaceAll('\0', ''))
    }),
  ]
}

const inLatin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

function inUtf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian)
  return new Uint8Array(view.buffer)
}
