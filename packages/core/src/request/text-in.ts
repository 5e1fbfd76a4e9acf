/** Bytes as text. Not by guess: what is in another encoding would be written back in ours. */
export function textIn(bytes: ArrayBuffer | ArrayBufferView | undefined): string | null {
  if (bytes === undefined) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
