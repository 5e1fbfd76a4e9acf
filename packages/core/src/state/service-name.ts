import type { ScopedRequest, ScopeOf } from '../contract/policy.ts'
import type { RateLimitRules } from '../contract/rate-limit/rules.ts'
import type { RequestFacts } from '../contract/request.ts'
import type { Vendor } from '../contract/vendor.ts'
import { OptionsError } from '../error/options-error.ts'
import { kindOf } from '../options/check.ts'

/** The name of a service, as far as it is known before the service is found. */
export interface ServiceName {
  readonly vendor: string
  readonly origin: string
  /** Of the vendor and of the rate limit's rules: it may be shown. */
  readonly scope: string
  /** Of the user: it may be a credential, so nothing shows it. Empty for none. */
  readonly part: string
}

/** The parts of a call that its service is named by. */
export interface NamedCall {
  readonly target: RequestFacts
  readonly vendor: Vendor | undefined
  /** False for a login or a logout, which the user's options are not about. */
  readonly isOwn: boolean
  readonly rateLimit: RateLimitRules | false | undefined
  readonly scope: ScopeOf | undefined
  headers(): Headers
}

/**
 * Names the service that a request is for.
 *
 * @throws {OptionsError} where the user's function returns no text.
 */
export function serviceNameOf({ target, vendor, isOwn, rateLimit, scope, headers }: NamedCall): ServiceName {
  const ofVendor = vendor?.scope?.(target)
  const counted = isOwn && rateLimit && rateLimit.scopes !== undefined ? countedIn(target, rateLimit.scopes) : undefined
  return {
    vendor: vendor?.name ?? 'http',
    origin: target.origin,
    scope: counted === undefined ? (ofVendor ?? 'all') : ofVendor === undefined ? counted : `${ofVendor}/${counted}`,
    part: isOwn && scope !== undefined ? partOf(scope, target, headers()) : '',
  }
}

/** The limit that a request counts against: of the beginnings of its path the longest names it. */
function countedIn({ path }: RequestFacts, scopes: Readonly<Record<string, string>>): string | undefined {
  const [longest] = Object.keys(scopes)
    .filter((beginning) => path === beginning || path.startsWith(beginning.endsWith('/') ? beginning : `${beginning}/`))
    .toSorted((one, other) => other.length - one.length)
  return longest === undefined ? undefined : scopes[longest]
}

function partOf(scope: ScopeOf, { method, url, origin, path, query }: RequestFacts, headers: Headers): string {
  const request: ScopedRequest = { method, url, origin, path, query, headers }
  const part: unknown = scope(request)
  if (typeof part !== 'string') throw new OptionsError('scope()', `must return a text, got ${kindOf(part)}.`)
  return part
}
