import { onOneLine } from './envelope.ts'

/** Further down a page there is only ornament. */
const ENOUGH = 8_192

/** True where a body is a page for people. */
export const isPage = (text: string): boolean =>
  /^\s*<(?:!doctype\s+html|\?xml\s[^<>]*>\s*<!doctype\s+html|html|head|body|title|center|h1)\b/i.test(text)

/** The text of a page, without its tags. */
export function sentenceOnPage(text: string): string {
  const words = text
    .slice(0, ENOUGH)
    .replace(/<(style|script)\b[^<>]*>[^<]*/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
  return onOneLine(words)
}
