import type { ScopedRequest, ScopeOf } from '../contract/policy.ts'
import type { RateLimitRules } from '../contract/rate-limit/rules.ts'
import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../error/shown-value.ts'
import { ignoreRejection } from '../options/answer.ts'

/** The parts of a service's name. */
export interface ServiceName {
  readonly vendor: string
  readonly origin: string
  /** The scope by the vendor and the rate-limit rules, which may be shown. */
  readonly scope: string
  /** The part by the user's function, which is not shown because it may be a credential. Empty for none. */
  readonly part: string
}

/** The parts of a call by which its service is named. */
export interface NamedCall {
  readonly engine: { readonly rateLimit: RateLimitRules | false | undefined; readonly scope: ScopeOf | undefined }
  readonly request: { readonly headers: HeadersInit | undefined }
  /** True for a login or a logout, for which the user's options do not count. */
  readonly isInternal: boolean
}

/**
 * Names the service that a request is for.
 *
 * @throws {OptionsError} where the user's function returns no text.
 */
export function serviceNameOf(
  { engine: { rateLimit, scope }, request, isInternal }: NamedCall,
  target: RequestFacts,
  vendor: Vendor | undefined,
): ServiceName {
  const ofVendor = vendor?.scope?.(target)
  const scopes = isInternal || !rateLimit ? undefined : rateLimit.scopes
  const counted = scopes && countedIn(target, scopes)
  return named(
    vendor?.name ?? 'http',
    target.origin,
    counted === undefined ? (ofVendor ?? 'all') : ofVendor === undefined ? counted : `${ofVendor}/${counted}`,
    !isInternal && scope !== undefined ? partOf(scope, target, new Headers(request.headers)) : '',
  )
}

// Most calls are for the same service as the last one, whose name is reused.
let last: ServiceName = { vendor: '', origin: '', scope: '', part: '' }

function named(vendor: string, origin: string, scope: string, part: string): ServiceName {
  const isSame = last.origin === origin && last.vendor === vendor && last.scope === scope && last.part === part
  if (!isSame) last = { vendor, origin, scope, part }
  return last
}

/** The limit that a request counts against, by the longest prefix that its path has. */
function countedIn({ path }: RequestFacts, scopes: Readonly<Record<string, string>>): string | undefined {
  const [longest] = Object.keys(scopes)
    .filter((beginning) => path === beginning || path.startsWith(beginning.endsWith('/') ? beginning : `${beginning}/`))
    .toSorted((one, other) => other.length - one.length)
  return longest === undefined ? undefined : scopes[longest]
}

function partOf(scope: ScopeOf, { method, url, origin, path, query }: RequestFacts, headers: Headers): string {
  const request: ScopedRequest = { method, url, origin, path, query, headers }
  const part: unknown = scope(request)
  if (typeof part === 'string') return part
  ignoreRejection(part)
  throw new OptionsError('scope()', `must return a text, got ${kindOf(part)}.`)
}
