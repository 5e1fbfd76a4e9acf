import type { RedirectPlan } from '../attempt/redirect.ts'
import type { Call } from '../call/call.ts'
import type { Fetch } from '../call/engine.ts'
import { secretsOfBody } from '../call/shown/secrets.ts'
import { optionMistake } from '../classify/of-caller.ts'
import { hasUnreadableBody, mayShareCredential } from '../endpoints/resolve.ts'
import { isSafeRequest } from '../request/repeatable.ts'
import { isCredentialHeader } from '../secrets/credentials-in-headers.ts'
import { renewBody } from './added/prepare.ts'

/** The fetches that hide where a redirect leads, such as a browser's. */
const hidingFetches = new WeakSet<Fetch>()

/**
 * True if the engine follows redirects instead of fetch: if the request carries a credential, or if it changes something, because
 * the page behind a redirect does not tell whether the request itself was done.
 */
export function followsRedirects(call: Call): boolean {
  const { request, session, engine } = call
  if (request.redirect !== 'follow') return false
  if (session !== undefined || call.isInternal || showsSecret(call)) return true
  const { target, vendor } = call.destination
  const matters = mayShowSecretInBody(call) || !isSafeRequest(target, vendor) || showsOwnCredential(headersOf(call))
  return matters && !isHiding(engine.fetch)
}

/** Makes the redirect plan of the attempt under way. */
export function planRedirects(call: Call): RedirectPlan {
  const { target } = call.destination
  const signed = call.session === undefined ? undefined : call.signed
  if (signed === undefined && !call.isInternal && !showsSecret(call)) return planForUnsigned(call)
  const headers = new Headers(signed?.headers ?? headersOf(call))
  return {
    first: { url: signed?.url ?? target.url, method: target.method, headers, body: bodyOfMethod(target.method) },
    // A login carries a password, so no reply may send it to another server.
    credentialAt: (to, from) => (!call.isInternal && mayShowAt(call, to, from) ? 'may' : 'mustNot'),
    canResend: () => canResend(call),
  }
}

/** The headers of an attempt before it is signed. */
const headersOf = ({ prepared, request }: Call): HeadersInit | undefined => prepared ?? request.headers

/** True if the body can be sent once more. A caller's function may have to make it. */
async function canResend(call: Call): Promise<boolean> {
  const { request } = call
  if (!(await request.prepareResend(call))) return false
  try {
    await renewBody(call)
  } catch (thrown) {
    throw optionMistake('resilience.body', thrown)
  }
  return true
}

/** True if a credential may be sent on: not unencrypted, and only to a trusted host. */
const mayShowAt = ({ engine, endpoints }: Call, to: URL, from: URL): boolean =>
  (to.protocol === 'https:' || from.protocol === 'http:') && mayShareCredential(engine, endpoints, to, from)

/** True if the request contains a credential of the vendor's, or may: in a body that cannot be read. */
function showsSecret(call: Call): boolean {
  const { request, destination, engine } = call
  const { vendor, target } = destination
  if (hasUnreadableBody(vendor, request, target)) return true
  // A fetch that hides redirects leaves no later time to search the body.
  if (vendor !== undefined && mayShowSecretInBody(call) && isHiding(engine.fetch) && showsSecretInBody(call))
    return true
  const own = headersOf(call)
  if (!vendor?.secretHeaders || own === undefined) return false
  const headers = new Headers(own)
  return vendor.secretHeaders.some((name) => headers.has(name))
}

const isHiding = (fetch: Fetch): boolean => globalThis.location !== undefined || hidingFetches.has(fetch)

/** True if a body may contain a secret. It is searched only when a redirect comes. */
const mayShowSecretInBody = ({ request, destination: { vendor, target } }: Call): boolean =>
  request.hasBody || (vendor?.secretsIn !== undefined && target.url.includes('?'))

const showsSecretInBody = ({ request, destination: { vendor, target } }: Call): boolean =>
  secretsOfBody(request.bodyForSecrets, request.factsForSecrets(target), vendor).length > 0

function planForUnsigned(call: Call): RedirectPlan {
  const { request, destination, engine } = call
  const { target, vendor } = destination
  const { url, method } = target
  return {
    first: { url, method, headers: new Headers(headersOf(call)), body: bodyOfMethod(method) },
    ...(mayShowSecretInBody(call) &&
      ({
        readBody: async () => request.readForSecrets(call.policy.replayLimit, call),
        // Otherwise another server's answer would be read as the vendor's.
        credentialAt(to, from, keepsBody) {
          const mayShow = keepsBody && request.hasBody && !request.isSearchable
          if (!mayShow && (!(keepsBody || vendor !== undefined) || !showsSecretInBody(call))) return 'none'
          return mayShowAt(call, to, from) ? 'may' : 'mustNot'
        },
      } satisfies Partial<RedirectPlan>)),
    canResend: () => canResend(call),
    onHidden: () => hidingFetches.add(engine.fetch),
  }
}

/** True if the caller's headers contain a credential: which of them go on to another host differs from one fetch to the next. */
function showsOwnCredential(headers: HeadersInit | undefined): boolean {
  if (headers === undefined) return false
  const isShown = ([name, value]: readonly [string, string]) => isCredentialHeader(name, value)
  return headers instanceof Headers || Array.isArray(headers)
    ? [...new Headers(headers)].some(isShown)
    : Object.entries(headers).some(isShown)
}

const bodyOfMethod = (method: string): null | undefined => (method === 'GET' || method === 'HEAD' ? null : undefined)
