/** The body length that a `Request` states; 0 if it states none. */
export const statedLength = (request: Request): number => Number(request.headers.get('content-length') ?? 0)

/** Characters of a text, or bytes; `Infinity` for a body whose size nobody knows before it is read. */
export function sizeOf(body: BodyInit | null | undefined): number {
  if (typeof body === 'string') return body.length
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? body.byteLength : Number.POSITIVE_INFINITY
}
