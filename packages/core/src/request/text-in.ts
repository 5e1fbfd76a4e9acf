/** UTF-8 bytes as text; `null` for others. Not guessed, because a text in another encoding would be sent in UTF-8. */
export function textIn(bytes: ArrayBuffer | ArrayBufferView | undefined): string | null {
  if (bytes === undefined) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
