import { percentDecoded } from './credentials.ts'

/** Shorter strings are left alone: they stand in any text by chance. */
const SHORTEST = 3

/** A secret as it is, and as writers spell it whose encoding is not undone before it is looked for. */
export function spellings(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return []
  const plain = secret.toWellFormed()
  // A caller may have shown it in percent encoding, which others undo.
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

/** Quotation marks as SQL and CSV have them in a quoted text, and as a shell has them. */
function quoted(text: string): readonly string[] {
  if (!/["']/.test(text)) return []
  return [text.replaceAll("'", "''"), text.replaceAll('"', '""'), text.replaceAll("'", "'\\''")]
}

const BEYOND_ASCII = /[^\0-\x7f]/

/** A text that was written in one encoding and read in another. Zeros are left out: they are undone like an escape. */
function misread(text: string): readonly string[] {
  const bytes = new TextEncoder().encode(text)
  const all = new RegExp(BEYOND_ASCII, 'g')
  return [
    // With accents as marks of their own, or without.
    text.normalize('NFC'),
    text.normalize('NFD'),
    // UTF-8 that was read byte by byte.
    inLatin1(bytes),
    new TextDecoder('windows-1252').decode(bytes),
    // Bytes in Latin-1 that were read as UTF-8, and signs that a writer did not have.
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
