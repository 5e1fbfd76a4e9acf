import { codeOf, deepest, isUndici } from './thrown.ts'

/**
 * The code for an answer that came but that fetch did not accept; `undefined` for anything else, and for a safe request whose
 * caller has asked fetch for just that.
 *
 * @param url the URL of the request.
 */
export function refusedAnswer(
  thrown: unknown,
  url: string,
  isSafe: boolean,
): 'REDIRECT_REFUSED' | 'NETWORK_ERROR' | undefined {
  const cause = deepest(thrown) as Partial<Error> | null | undefined
  if (!isUndici(thrown) || cause === thrown) return undefined
  const message = cause?.message ?? ''
  if (leadsNowhere(cause, message, url)) return 'REDIRECT_REFUSED'
  if (isSafe) return undefined
  if (/\bredirect\b/.test(message)) return 'REDIRECT_REFUSED'
  return message === 'integrity mismatch' ? 'NETWORK_ERROR' : undefined
}

/** The highest port that fetch blocks: Fetch standard, section 2.10. */
const LAST_BAD_PORT = 10_080

/**
 * True if a server's redirect leads to an address that fetch refuses. undici has the same message for such an address of the
 * caller's own, except for one with user information, which it refuses only in a redirect.
 */
function leadsNowhere(cause: unknown, message: string, url: string): boolean {
  if (codeOf(cause) === 'ERR_INVALID_URL' || message === 'cross origin not allowed for request mode "cors"') return true
  if (message === 'URL scheme must be a HTTP(S) scheme') return /^https?:/i.test(url)
  if (message !== 'bad port' || !URL.canParse(url)) return false
  const { port } = new URL(url)
  return port === '' || Number(port) > LAST_BAD_PORT
}
