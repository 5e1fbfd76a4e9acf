import type { Vendor } from '../contract/vendor.ts'
import { marker } from '../error/marker.ts'
import type { SessionCache } from '../session/session-cache.ts'
import type { SessionCacheOptions } from '../session/session-cache-options.ts'

/** The parts of the engine that only clients with a vendor need. */
export interface Brought {
  /** Wraps a vendor so that what its functions return is checked. */
  checked(vendor: Vendor): Vendor
  newSessionCache(options: SessionCacheOptions): SessionCache
}

/**
 * The member by which a vendor brings them: `defineVendor` puts them there, so that a client without a vendor does not have them.
 * A copy of a vendor keeps them, and another installed copy of this package knows them.
 */
export const BROUGHT = /* @__PURE__ */ marker('brought')

/** The parts that a vendor brings; none if `defineVendor` has not made it. */
export const broughtBy = (vendor: Vendor): Brought | undefined =>
  (vendor as Vendor & { readonly [BROUGHT]?: Brought })[BROUGHT]
