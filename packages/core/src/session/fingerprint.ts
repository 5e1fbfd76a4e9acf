import type { Credentials } from '../contract/session.ts'

/** Drawn once a process, so that a digest says nothing outside it. */
const [SALT_ONE = 0, SALT_TWO = 0] = crypto.getRandomValues(new Uint32Array(2))

/**
 * A salted digest of credentials. It tells other credentials from the same ones, so that no password need be kept for
 * that. It is no protection of a password against somebody who reads this process's memory.
 */
export function fingerprint(credentials: Credentials): string {
  const text = JSON.stringify(Object.entries(credentials).sort(([one], [other]) => (one < other ? -1 : 1)))
  return `${digest(text, SALT_ONE)}-${digest(text, SALT_TWO)}`
}

/** FNV-1a over UTF-16 code units, from a salt. */
function digest(text: string, salt: number): number {
  let hash = salt
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619)
  return (hash ^ (hash >>> 15)) >>> 0
}
