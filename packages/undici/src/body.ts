import { multipart } from './multipart.ts'

/** The types of body that a dispatcher accepts. */
export type SentBody = string | Uint8Array | AsyncIterable<Uint8Array>

/** The body of a request. */
export interface RequestBody {
  /** Its own content type. */
  readonly type: string | undefined
  /** The number of its bytes, if it is known. */
  readonly length: number | undefined
  /** True if it can be sent only once. */
  readonly isOnce: boolean
  /** The body for one request. */
  open(): SentBody
  /** Gives up a body that was not sent. */
  cancel?(reason: unknown): void
}

/** Reads the body in an init; `undefined` for a value that is no body, or that cannot be sent any more. */
export function bodyOf(body: BodyInit, duplex: string | undefined): RequestBody | undefined {
  if (typeof body === 'string') return ofText(body, 'text/plain;charset=UTF-8')
  if (body instanceof URLSearchParams) return ofText(String(body), 'application/x-www-form-urlencoded;charset=UTF-8')
  // A copy, because the caller may reuse the bytes for the next request.
  if (body instanceof ArrayBuffer) return ofBytes(new Uint8Array(body.slice()))
  if (ArrayBuffer.isView(body)) return ofBytes(new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice())
  if (body instanceof Blob) return ofBlob(body, body.type)
  if (body instanceof FormData) {
    const { blob, type } = multipart(body)
    return ofBlob(blob, type)
  }
  return duplex === 'half' ? ofStream(body) : undefined
}

const ofText = (text: string, type: string): RequestBody => ({
  type,
  // Sent as a string, because the interceptors of a `MockAgent` compare strings.
  length: Buffer.byteLength(text),
  isOnce: false,
  open: () => text,
})

const ofBytes = (bytes: Uint8Array): RequestBody => ({
  type: undefined,
  length: bytes.byteLength,
  isOnce: false,
  open: () => bytes,
})

/** A `Blob`. It is read while it is sent, because a file may be larger than memory. */
const ofBlob = (blob: Blob, type: string): RequestBody => ({
  type: type === '' ? undefined : type,
  length: blob.size,
  isOnce: false,
  open: () => blob.stream(),
})

/** A stream or another iterable of bytes, which have no length. */
function ofStream(body: unknown): RequestBody | undefined {
  if (body instanceof ReadableStream) {
    if (body.locked) return undefined
    return {
      type: undefined,
      length: undefined,
      isOnce: true,
      open: () => body,
      cancel: (reason) => void body.cancel(reason).catch(() => {}),
    }
  }
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return undefined
  const iterable = body as AsyncIterable<unknown>
  return { type: undefined, length: undefined, isOnce: true, open: () => bytesIn(iterable) }
}

async function* bytesIn(iterable: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of iterable) {
    const bytes = chunk instanceof Uint8Array ? chunk : Buffer.from(chunk as string)
    if (bytes.byteLength > 0) yield bytes
  }
}
