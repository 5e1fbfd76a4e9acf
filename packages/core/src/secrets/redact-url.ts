import { decoded, showableUrl } from './credentials.ts'
import { Redactor } from './redact.ts'

/** A URL that may be shown: in its path, too, a secret may stand. Made for every call that is observed, so it must be cheap. */
export function redactUrl(url: string, secrets: readonly string[]): string {
  const shown = showableUrl(url)
  const plain = shown.includes('%') ? decoded(shown) : shown
  const isSuspect = secrets.some((secret) => secret !== '' && (shown.includes(secret) || plain.includes(secret)))
  return isSuspect ? new Redactor(secrets).text(shown) : shown
}
