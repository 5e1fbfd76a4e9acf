import { BROUGHT, type Brought } from './call/brought.ts'
import type { ErrorRow } from './contract/row.ts'
import type { Vendor } from './contract/vendor.ts'
import { checkedVendor } from './options/checked-vendor.ts'
import { SessionCache } from './session/session-cache.ts'

const brought: Brought = {
  checked: checkedVendor,
  newSessionCache: (options) => new SessionCache(options),
}

/**
 * Checks a vendor's definition and freezes it. What its functions return is checked by the client that is given it. A vendor with
 * `auth` must be made by it.
 *
 * @throws {TypeError} naming the field at fault.
 */
export function defineVendor<Row extends ErrorRow>(vendor: Vendor<Row>): Vendor<Row> {
  if (!/^[a-z][a-z0-9-]*$/.test(vendor.name)) {
    throw new TypeError(
      `Vendor \`name\` must be lower-case letters, digits and dashes, got ${JSON.stringify(vendor.name)}.`,
    )
  }
  if (vendor.auth !== undefined && !vendor.origins?.length) {
    throw new TypeError(`Vendor ${vendor.name} has credentials but no \`origins\`: they would go to any host.`)
  }
  const stranger = vendor.endpoints?.find((endpoint) => !vendor.origins?.includes(endpoint))
  if (stranger !== undefined || vendor.endpoints?.length === 0) {
    throw new TypeError(
      `Vendor ${vendor.name}: \`endpoints\` must be some of its \`origins\`, got ${JSON.stringify(stranger)}.`,
    )
  }
  for (const origin of vendor.origins ?? []) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new TypeError(
        `Vendor ${vendor.name}: \`origins\` must hold origins such as "https://host:443", got ${JSON.stringify(origin)}.`,
      )
    }
  }
  return Object.freeze(Object.assign(Object.isExtensible(vendor) ? vendor : { ...vendor }, { [BROUGHT]: brought }))
}
