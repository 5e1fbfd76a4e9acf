import { textIn } from './text-in.ts'

/** Bytes of a body in no encoding that is known here which are searched. */
const LONGEST_SEARCHED = 65_536

/** A body that had to be read to be searched. */
export interface ReadForSecrets {
  readonly body: BodyInit | null | undefined
  readonly text: string
  readonly isSearchable: boolean
}

/** Reads a `Blob`, or what was kept of a body that has left. */
export async function readForSecrets(
  body: BodyInit | null | undefined,
  limit: number,
  kept: () => Promise<Uint8Array<ArrayBuffer> | undefined> | undefined,
): Promise<ReadForSecrets | undefined> {
  if (body instanceof Blob && body.size > limit) return undefined
  const bytes = await (body instanceof Blob ? body.arrayBuffer().catch(() => undefined) : kept())
  return bytes && { body, text: textInBytes(bytes), isSearchable: isSearchable(bytes) }
}

/** A body as a text in which secrets are looked for; `undefined` for one that cannot be read at once, and was not. */
export function textForSecrets(body: BodyInit | null | undefined, read?: ReadForSecrets): string | undefined {
  if (read !== undefined && read.body === body) return read.text
  if (typeof body === 'string' || body instanceof URLSearchParams) return String(body)
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? textInBytes(body) : undefined
}

/** True for a body that can be looked through for secrets: it is text, all of it. */
export function isSearchable(body: BodyInit | null | undefined, read?: ReadForSecrets): boolean {
  if (read !== undefined && read.body === body) return read.isSearchable
  if (body instanceof FormData) return [...body.values()].every((value) => typeof value === 'string')
  const text = body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? textIn(body) : body
  // UTF-16 can be read as UTF-8, with zeros between its letters.
  return text instanceof URLSearchParams || (typeof text === 'string' && !text.includes('\0'))
}

/** Bytes as text. A file among the fields of a form is no text, but the names and values beside it can be read. */
function textInBytes(bytes: ArrayBuffer | ArrayBufferView): string {
  const text = textIn(bytes)
  if (text !== null) return text
  const given = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
  return new TextDecoder('latin1').decode(given.subarray(0, LONGEST_SEARCHED))
}
