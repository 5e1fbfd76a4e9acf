import type { FailedAttempt } from '../call/attempt-result.ts'
import type { Call } from '../call/call.ts'
import { isOptionsError } from '../error/options-error.ts'

/** Advice that rows cannot give, because it is about the address that the caller has set, or comes from the vendor. */
export function hintFor(call: Call, failed: FailedAttempt): string | undefined {
  const { vendor, target } = call.destination
  return (
    optionHint(failed) ??
    schemeHint(call, failed) ??
    vendor?.hintFor?.(failed.verdict.fault, target) ??
    originHint(call, failed)
  )
}

/** The complaint about the option that failed: the row of `OPTION_FAILED` is for all options, and names none. */
const optionHint = ({ verdict, cause }: FailedAttempt): string | undefined =>
  verdict.fault.code === 'OPTION_FAILED' && isOptionsError(cause) ? cause.message : undefined

/** The words with which nginx, Apache and Go answer plain HTTP on a port for TLS; they do so with 400. */
const SPOKE_PLAIN =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port|sent an HTTP request to an HTTPS server/i

function schemeHint(
  { destination: { target } }: Call,
  { verdict: { fault }, location, reading }: FailedAttempt,
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
  { engine, destination, isInternal }: Call,
  { verdict, session }: FailedAttempt,
): string | undefined {
  const { origins, auth, name } = engine.vendor ?? {}
  const { target } = destination
  const isForeign = auth !== undefined && origins !== undefined && !origins.includes(target.origin)
  if (isInternal || session !== undefined || !isForeign || verdict.fault.status !== 401) return undefined
  return `The login is for ${origins.join(', ')}, and this went to ${target.origin} without: call that address, or give this one to ${name}.`
}
