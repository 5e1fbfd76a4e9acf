import { type CodeOf, defineCatalogue } from '@holdfast/core/plugin'
import { balancer, faults, gateway, identity } from '@holdfast/openstack'
import { documented } from './catalogue/documented.ts'
import { codeless } from './codeless.ts'

/** Every error of the Volume Backup Service and of the servers in front of it. */
export const catalogue = defineCatalogue('vbs', [
  ...documented,
  ...codeless,
  ...faults,
  ...gateway,
  ...identity,
  ...balancer,
])

/** A code that the catalogue knows. */
export type VbsCode = CodeOf<typeof catalogue>
