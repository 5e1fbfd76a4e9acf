import { reply } from './reply.ts'

/** An HTML page of the HTTP server below the API. */
function page(status: number, statusText: string, title: string, text: string, headers: Record<string, string> = {}) {
  return reply(status, {
    statusText,
    headers: { 'content-type': 'text/html', connection: 'close', 'cache-control': 'no-cache, no-store', ...headers },
    body: `<html><body><h1>HTTP ${status} ${title}</h1>${text}</body></html>`,
  })
}

export const forbidden = () => page(403, 'Forbidden', 'forbidden', 'Access to the requested resource is forbidden.')

/** `label` names the handler: `VM.export`. */
export const unauthorised = (label: string) =>
  page(401, 'Unauthorised', 'unauthorised', 'Please check your credentials and retry.', {
    'www-authenticate': `Basic realm="${label}"`,
  })

export const headersTooLarge = () =>
  page(431, 'Request Header Fields Too Large', 'request header fields too large', 'Exceeded the maximum header size.')

export const methodNotImplemented = (method: string) =>
  page(501, 'Method not implemented', 'Method Not Implemented', `<p>${method} not supported.<br /></p>`)

/** `exception` as the server prints it. */
export const internalError = (exception: string) =>
  page(500, 'Internal Error', 'internal server error', internalErrorText(exception))

const internalErrorText = (exception: string) =>
  'An unexpected error occurred; please wait a while and try again. If the problem persists, ' +
  `please contact your support representative.<h1> Additional information </h1>${encode(exception)}`

const entities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
  '&': '&amp;',
}

const encode = (text: string) => text.replace(/[<>'"&]/g, (found) => entities[found] ?? found)
