import { percentDecoded, showableUrl } from './credentials.ts'
import { plainPath } from './plain-path.ts'
import { Redactor } from './redact.ts'

/** A URL that may be shown, also without secrets in its path. It must be cheap, because it is made for every observed call. */
export function redactUrl(url: string, origin: string, secrets: readonly string[]): string {
  const shown = plainPath(url, origin) === undefined ? showableUrl(url) : url
  if (secrets.length === 0) return shown
  const plain = shown.includes('%') ? percentDecoded(shown) : shown
  return isSuspect([shown, plain], secrets) ? new Redactor(secrets).text(shown) : shown
}

/** The operation or label of a call without secrets, as cheaply. A vendor or caller may have made it from the request. */
export const redactName = (name: string, secrets: readonly string[]): string =>
  secrets.length > 0 && isSuspect([name], secrets) ? new Redactor(secrets).text(name) : name

const isSuspect = (texts: readonly string[], secrets: readonly string[]): boolean =>
  secrets.some((secret) => secret !== '' && texts.some((text) => text.includes(secret)))
