import type { RedirectPlan } from '../attempt/redirect.ts'
import type { Call } from '../call/call.ts'
import type { Fetch } from '../call/engine.ts'
import type { Changes } from '../contract/request.ts'
import { hasUnreadableBody, mayShareCredential } from '../endpoints/resolve.ts'
import { isCredentialName } from '../error/credentials.ts'
import { isSafeRequest } from '../request/repeatable.ts'

/** The fetches that do not show where a redirect leads, as a browser's. */
const hidingFetches = new WeakSet<Fetch>()

/**
 * Plans how redirects are followed here and not by fetch: where the request shows a credential, and where it changes
 * something, for from the page that a redirect points to nobody can tell whether the request itself was done.
 */
export function redirectPlanFor(call: Call, signed: Changes | undefined): RedirectPlan | undefined {
  const { request, engine, endpoints } = call
  const { target } = call.destination
  if (request.redirect !== 'follow') return undefined
  if (signed === undefined && !call.isInternal && !showsSecret(call)) return planForUnsigned(call)
  const headers = signed?.headers ?? new Headers(request.headers)
  return {
    first: { url: signed?.url ?? target.url, method: target.method, headers, body: bodyOfMethod(target.method) },
    mayShareCredential: (to: URL, from: URL) =>
      // A login shows a password: no reply may send it to another server, and nothing secret goes on unencrypted.
      !call.isInternal &&
      (to.protocol === 'https:' || from.protocol === 'http:') &&
      mayShareCredential(engine, endpoints, to, from),
    canResend: () => request.prepareResend(),
  }
}

/** True where the caller shows a credential of the vendor's, or may: in a body that cannot be read. */
function showsSecret({ request, destination: { vendor, target } }: Call): boolean {
  if (hasUnreadableBody(vendor, request, target)) return true
  if ((vendor?.secretsIn?.(target).length ?? 0) > 0) return true
  if (!vendor?.secretHeaders || request.headers === undefined) return false
  const headers = new Headers(request.headers)
  return vendor.secretHeaders.some((name) => headers.has(name))
}

function planForUnsigned({ request, destination: { target, vendor }, engine }: Call): RedirectPlan | undefined {
  if (globalThis.location !== undefined || hidingFetches.has(engine.fetch)) return undefined
  if (isSafeRequest(target, vendor) && !showsOwnCredential(request.headers)) return undefined
  const { url, method } = target
  return {
    first: {
      url,
      method,
      get headers() {
        return new Headers(request.headers)
      },
      body: bodyOfMethod(method),
    },
    canResend: () => request.prepareResend(),
    onHidden: () => hidingFetches.add(engine.fetch),
  }
}

/** Headers that fetch itself takes off before it goes to another origin. */
const STRIPPED_BY_FETCH = /^(?:authorization|proxy-authorization|cookie)$/i

/** True where the caller shows a credential that fetch would send on to whomever a redirect names. */
function showsOwnCredential(headers: HeadersInit | undefined): boolean {
  if (headers === undefined) return false
  const isShown = (name: string) => isCredentialName(name) && !STRIPPED_BY_FETCH.test(name)
  return headers instanceof Headers || Array.isArray(headers)
    ? [...new Headers(headers).keys()].some(isShown)
    : Object.keys(headers).some(isShown)
}

const bodyOfMethod = (method: string): null | undefined => (method === 'GET' || method === 'HEAD' ? null : undefined)
