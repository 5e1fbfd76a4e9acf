import { textIn } from './text-in.ts'

/** Bytes of a body in no encoding that is known here which are searched. */
const LONGEST_SEARCHED = 65_536

/** A body as a text in which secrets are looked for; `undefined` for one that cannot be read at once. */
export function textForSecrets(body: BodyInit | null | undefined): string | undefined {
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return String(body)
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? textInBytes(body) : undefined
}

/** The same of a `Blob`, or of what was kept of a body that has left. */
export async function readTextForSecrets(
  body: BodyInit | null | undefined,
  limit: number,
  kept: () => Promise<ArrayBufferView | undefined> | undefined,
): Promise<string | undefined> {
  if (body instanceof Blob && body.size > limit) return undefined
  const bytes = await (body instanceof Blob ? body.arrayBuffer().catch(() => undefined) : kept())
  return bytes && textInBytes(bytes)
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
