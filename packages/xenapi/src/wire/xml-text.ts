/** Texts that XML can contain, escaped or not: it cannot express most control characters and lone surrogates. */
const carried = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u

/** True for a text that XML can contain. */
export const isCarried = (text: string): boolean => carried.test(text)

// A carriage return would be read as a line feed.
const escapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  '\r': '&#13;',
}

/**
 * A text, escaped for XML.
 *
 * @throws {TypeError} for a character that XML cannot express.
 */
export function xmlText(text: string): string {
  if (!isCarried(text)) throw new TypeError('XML cannot carry control characters or halves of characters.')
  return text.replace(/[<>&"\r]/g, (character) => escapes[character] ?? character)
}
