import { MOST_SEARCHED } from '../secrets/secrets-in-text.ts'

/** UTF-8 bytes as text; `null` for others. Not guessed, because a text in another encoding would be sent in UTF-8. */
export function textIn(bytes: ArrayBuffer | ArrayBufferView | undefined): string | null {
  if (bytes === undefined) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Most bytes that are searched of a body in an unknown encoding. */
const LONGEST_SEARCHED = 65_536

/** A body that had to be read to be searched. */
export interface ReadForSecrets {
  readonly body: BodyInit | null | undefined
  readonly text: string
  readonly isSearchable: boolean
}

/** Reads a `Blob`, or the recording of a body that was sent. */
export async function readForSecrets(
  body: BodyInit | null | undefined,
  limit: number,
  kept: () => Promise<Uint8Array<ArrayBuffer> | undefined> | undefined,
): Promise<ReadForSecrets | undefined> {
  if (body instanceof Blob && body.size > limit) return undefined
  const bytes = await (body instanceof Blob ? body.arrayBuffer().catch(() => undefined) : kept())
  return bytes && { body, text: textInBytes(bytes), isSearchable: isSearchable(bytes) }
}

/** A body as text to search for secrets; `undefined` for one that was not read and cannot be read synchronously. */
export function textForSecrets(body: BodyInit | null | undefined, read?: ReadForSecrets): string | undefined {
  if (read !== undefined && read.body === body) return read.text
  if (typeof body === 'string' || body instanceof URLSearchParams) return String(body)
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? textInBytes(body) : undefined
}

/** True for a body that can be searched for secrets, because all of it is text. */
export function isSearchable(body: BodyInit | null | undefined, read?: ReadForSecrets): boolean {
  if (read !== undefined && read.body === body) return read.isSearchable
  if (body instanceof FormData) return [...body.values()].every(isShortText)
  const text = body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? textIn(body) : body
  // Read as UTF-8, UTF-16 has zeros between its letters.
  return text instanceof URLSearchParams ? isShortText(String(text)) : isShortText(text) && !text.includes('\0')
}

/** True for a text that is searched to its end. */
const isShortText = (value: unknown): value is string => typeof value === 'string' && value.length <= MOST_SEARCHED

/** Bytes as text. A file in a form is no text, but the names and values of the other fields are. */
function textInBytes(bytes: ArrayBuffer | ArrayBufferView): string {
  const text = textIn(bytes)
  if (text !== null) return text
  const given = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
  return new TextDecoder('latin1').decode(given.subarray(0, LONGEST_SEARCHED))
}
