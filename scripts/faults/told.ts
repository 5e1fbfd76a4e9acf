import { inspect } from 'node:util'

/** True if something that was reported contains a secret, as it is or encoded. */
export function tellsSecret(told: readonly unknown[], secrets: readonly string[]): boolean {
  if (secrets.length === 0) return false
  const text = `${inspect(told, { depth: 12 })} ${JSON.stringify(told)}`
  return secrets.some((secret) =>
    [secret, encodeURIComponent(secret), btoa(secret)].some((word) => text.includes(word)),
  )
}
