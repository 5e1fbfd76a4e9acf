import { type CodeOf, defineCatalogue } from '@holdfast/core/plugin'
import { balancer } from './catalogue/balancer.ts'
import { compute } from './catalogue/compute.ts'
import { faults } from './catalogue/faults.ts'
import { gateway } from './catalogue/gateway.ts'
import { identity } from './catalogue/identity.ts'
import { identityApi } from './catalogue/identity-api.ts'
import { image } from './catalogue/image.ts'
import { network } from './catalogue/network.ts'
import { networkServices } from './catalogue/network-services.ts'
import { otherServices } from './catalogue/other-services.ts'
import { placement } from './catalogue/placement.ts'

/**
 * Every error of Keystone, Nova, Cinder, Neutron, Glance and Placement, and of the servers in front of them; and what other
 * services say otherwise than their status does.
 */
export const catalogue = defineCatalogue('openstack', [
  ...faults,
  ...otherServices,
  ...compute,
  ...image,
  ...identityApi,
  ...network,
  ...networkServices,
  ...placement,
  ...gateway,
  ...identity,
  ...balancer,
])

/** A code that the catalogue knows. */
export type OpenstackCode = CodeOf<typeof catalogue>
