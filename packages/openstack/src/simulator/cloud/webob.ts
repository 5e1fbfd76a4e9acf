import type { CloudReply } from '../reply.ts'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
}

const escaped = (text: string) =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#x27;')

/** An exception as WebOb answers it: a page for a caller that accepts HTML, else JSON, else plain text (Pylons/webob src/webob/exc.py). */
export function webobReply(status: number, explanation: string, accept: string): CloudReply {
  const title = titles[status] ?? 'Error'
  const line = `${status} ${title}`
  if (/text\/html|\*\/\*|text\/\*/.test(accept)) {
    const body = `<html>\n <head>\n  <title>${line}</title>\n </head>\n <body>\n  <h1>${line}</h1>\n  ${escaped(explanation)}<br /><br />\n\n\n\n </body>\n</html>`
    return { status, statusText: title, headers: { 'content-type': 'text/html; charset=UTF-8' }, body }
  }
  if (/application\/(?:json|\*)/.test(accept)) {
    const body = JSON.stringify({ message: `${explanation}<br /><br />\n\n\n`, code: line, title })
    return { status, statusText: title, headers: { 'content-type': 'application/json' }, body }
  }
  const body = `${line}\n\n${explanation}\n\n   `
  return { status, statusText: title, headers: { 'content-type': 'text/plain; charset=UTF-8' }, body }
}
