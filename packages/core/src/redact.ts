/** What stands where a secret stood. */
const BLANK = '[redacted]'
/** Shorter strings are left alone: they stand in any text by chance. */
const SHORTEST = 3

/** A URL that may be shown: without user information, query and fragment, which may all hold credentials. */
export function showableUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null
    ? url.replace(/[?#].*$/s, '')
    : parsed.origin === 'null'
      ? parsed.protocol
      : parsed.origin + parsed.pathname
}

/** Replaces every secret in a text. */
export function blank(text: string, secrets: readonly string[]): string {
  let shown = text
  // The longest first: one secret may stand within another.
  for (const secret of secrets.toSorted((one, other) => other.length - one.length)) {
    if (secret.length >= SHORTEST) shown = shown.replaceAll(secret, BLANK)
  }
  return shown
}

/** Replaces every secret in any value that came off the wire. */
export function blankAll(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return blank(value, secrets)
  if (Array.isArray(value)) return value.map((item) => blankAll(item, secrets))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, blankAll(item, secrets)]))
  }
  return value
}
