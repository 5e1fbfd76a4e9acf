import type { Sniff } from '../../src/plugin.ts'

/** Knows a failure by how its body begins: `{"error"`. */
export function byBeginning(): Sniff {
  const decoder = new TextDecoder()
  let seen = ''
  return (chunk) => {
    seen += decoder.decode(chunk, { stream: true })
    if (seen.startsWith('{"error"')) return 'fault'
    return '{"error"'.startsWith(seen) ? 'more' : 'fine'
  }
}

/** Knows a success only after so many bytes. */
export function fineAfter(bytes: number): Sniff {
  let seen = 0
  return (chunk) => {
    seen += chunk.byteLength
    return seen < bytes ? 'more' : 'fine'
  }
}
