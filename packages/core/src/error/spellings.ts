/** Shorter strings are left alone: they stand in any text by chance. */
const SHORTEST = 3

/** A secret as it is, and as writers spell it whose encoding is not undone before it is looked for. */
export function spellings(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return []
  const plain = secret.toWellFormed()
  const bytes = new TextEncoder().encode(plain)
  const spelt = [
    secret,
    plain,
    secret.replace(/\s+/g, ' '),
    plain.replaceAll(' ', '+'),
    // With accents as marks of their own, or without.
    plain.normalize('NFC'),
    plain.normalize('NFD'),
    // UTF-8 that was read byte by byte.
    Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''),
    new TextDecoder('windows-1252').decode(bytes),
    // Bytes in Latin-1 that were read as UTF-8, and signs that a writer did not have.
    plain.replace(BEYOND_ASCII, '\ufffd'),
    plain.replace(BEYOND_ASCII, '?'),
    utf16ReadAsUtf8(plain, true),
    utf16ReadAsUtf8(plain, false),
  ]
  return [...new Set(spelt)].filter((text) => /[^\ufffd?]{3}/.test(text))
}

const BEYOND_ASCII = /[^\0-\x7f]/g

/** Zeros are left out, as they are undone like an escape. */
function utf16ReadAsUtf8(text: string, littleEndian: boolean): string {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian)
  return new TextDecoder().decode(view).replaceAll('\0', '')
}
