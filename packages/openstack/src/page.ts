import { onOneLine } from './envelope.ts'

/** Characters of a page that are searched: further down there is only layout. */
const ENOUGH = 8_192

/** True for an HTML page. */
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

/** The body of WebOb's exceptions: an HTML page, or plain text if the request accepts only that (webob/exc.py). */
const webob = [
  /^<html>\s*<head>\s*<title>(\d{3}) [^<>]*<\/title>\s*<\/head>\s*<body>\s*<h1>\1 [^<>]*<\/h1>([\s\S]*)<\/body>\s*<\/html>\s*$/i,
  /^(\d{3}) [A-Z][\w' -]{1,60}\r?\n\r?\n([\s\S]*)$/,
]

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", amp: '&' }

/** The message in a body that WebOb has written for this status; `undefined` for any other body. */
export function sentenceOfWebob({
  status,
  text,
}: {
  readonly status: number
  readonly text: string
}): string | undefined {
  const start = text.slice(0, ENOUGH).trim()
  for (const form of webob) {
    const [, repeated, body = ''] = form.exec(start) ?? []
    if (repeated !== String(status)) continue
    return sentenceOnPage(body).replace(/&(lt|gt|quot|#39|#x27|amp);/g, (_, name: string) => entities[name] ?? '')
  }
  return undefined
}
