import type { FailedAttempt } from '../call/attempt-result.ts'
import type { Destination } from '../call/destination.ts'
import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import { isOptionsError } from '../error/options-error.ts'

/**
 * Advice that no row can give, because it is about the caller's URL or options, or comes from the vendor.
 *
 * @param signer the client's vendor, wherever the request went; absent for a request of the engine's own.
 */
export function hintFor(
  failed: FailedAttempt,
  { vendor, target }: Pick<Destination, 'vendor' | 'target'>,
  signer: Vendor | undefined,
): string | undefined {
  return (
    optionHint(failed) ??
    schemeHint(failed, target) ??
    vendor?.hintFor?.(failed.verdict.fault, target) ??
    originHint(failed, target, signer)
  )
}

/** The message about the option that failed: the row of `OPTION_FAILED` is for all options. */
const optionHint = ({ verdict, cause }: FailedAttempt): string | undefined =>
  verdict.fault.code === 'OPTION_FAILED' && isOptionsError(cause) ? cause.message : undefined

/** The messages with which nginx, Apache and Go answer plain HTTP on a port for TLS, with status 400. */
const SPOKE_PLAIN =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port|sent an HTTP request to an HTTPS server/i

function schemeHint(
  { verdict: { fault }, location, reading }: FailedAttempt,
  target: RequestFacts,
): string | undefined {
  const url = URL.parse(target.url)
  if (url?.protocol !== 'http:') return undefined
  const to = location === undefined ? null : URL.parse(location, url)
  const leadsToTls = to?.protocol === 'https:' && to.hostname === url.hostname
  const isForTls = url.port === '443' && fault.status === undefined
  if (!leadsToTls && !isForTls && !(fault.status === 400 && SPOKE_PLAIN.test(reading?.text ?? ''))) return undefined
  return `Give the address with https:, not http: ${url.origin} wants TLS.`
}

function originHint(
  { verdict, session }: FailedAttempt,
  target: RequestFacts,
  signer: Vendor | undefined,
): string | undefined {
  const { origins, auth, name } = signer ?? {}
  const isForeign = auth !== undefined && origins !== undefined && !origins.includes(target.origin)
  if (session !== undefined || !isForeign || verdict.fault.status !== 401) return undefined
  return `The login is for ${origins.join(', ')}, and this went to ${target.origin} without: call that address, or give this one to ${name}.`
}
