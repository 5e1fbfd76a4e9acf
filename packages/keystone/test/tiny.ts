import { defineCatalogue, defineVendor, type SessionSource, type Vendor } from '@holdfast/core/plugin'
import { balancer, faultOf, faults, gateway, identity, tokenHeader } from '@holdfast/openstack'

const catalogue = defineCatalogue('tiny', [
  ...gateway,
  ...identity,
  ...faults,
  ...balancer,
  {
    code: 'CSBS.9009',
    status: 403,
    kind: 'auth',
    outcome: 'rejected',
    reauth: false,
    hint: 'Have the name of the user verified.',
  },
])

/** A service with one error of its own. */
export const tiny = (origin: string, auth: SessionSource, name = 'tiny'): Vendor =>
  defineVendor({ name, catalogue, parse: faultOf, secretHeaders: [tokenHeader], origins: [origin], auth })
