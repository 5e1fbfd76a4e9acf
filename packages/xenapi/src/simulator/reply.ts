/** Parts that a reply may have. */
export interface ReplyParts {
  readonly statusText?: string
  readonly headers?: Record<string, string>
  /** @default none */
  readonly body?: string
}

/** Makes a reply with exactly these headers and a `Content-Length`. */
export function reply(status: number, { statusText = 'OK', headers = {}, body = '' }: ReplyParts = {}): Response {
  // Bytes, because a string would make `Response` add a charset to the content type.
  const bytes = new TextEncoder().encode(body)
  return new Response(bytes.byteLength === 0 ? null : bytes, {
    status,
    statusText,
    headers: { ...headers, 'content-length': String(bytes.byteLength) },
  })
}
