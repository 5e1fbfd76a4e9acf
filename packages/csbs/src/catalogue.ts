import { type CodeOf, defineCatalogue } from '@holdfast/core/plugin'
import { balancer, faults, gateway, identity } from '@holdfast/openstack'
import { backupService } from './catalogue/backup-service.ts'
import { documented } from './catalogue/documented.ts'
import { codeless } from './codeless.ts'

/** Every error of the Cloud Server Backup Service and of the servers in front of it. */
export const catalogue = defineCatalogue('csbs', [
  ...codeless,
  ...documented,
  ...backupService,
  ...faults,
  ...gateway,
  ...identity,
  ...balancer,
])

/** A code that the catalogue knows. */
export type CsbsCode = CodeOf<typeof catalogue>
