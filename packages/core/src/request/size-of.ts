/** The content-length of a `Request`; 0 if it has none. */
export const statedLength = (request: Request): number => Number(request.headers.get('content-length') ?? 0)

/** Characters of a text, or bytes; `Infinity` for a body whose size is unknown until it is read. */
export function sizeOf(body: BodyInit | null | undefined): number {
  if (typeof body === 'string') return body.length
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? body.byteLength : Number.POSITIVE_INFINITY
}
