import { percentDecoded, showableUrl } from './credentials.ts'
import { plainPath } from './plain-path.ts'
import { Redactor } from './redact.ts'

/** A URL that may be shown: in its path, too, a secret may stand. Made for every call that is observed, so it must be cheap. */
export function redactUrl(url: string, origin: string, secrets: readonly string[]): string {
  const shown = plainPath(url, origin) === undefined ? showableUrl(url) : url
  if (secrets.length === 0) return shown
  const plain = shown.includes('%') ? percentDecoded(shown) : shown
  return isSuspect([shown, plain], secrets) ? new Redactor(secrets).text(shown) : shown
}

/** The name of an operation or of a call, as cheap. A vendor may have made it of what it was asked, and so may a caller. */
export const redactName = (name: string, secrets: readonly string[]): string =>
  secrets.length > 0 && isSuspect([name], secrets) ? new Redactor(secrets).text(name) : name

const isSuspect = (texts: readonly string[], secrets: readonly string[]): boolean =>
  secrets.some((secret) => secret !== '' && texts.some((text) => text.includes(secret)))
