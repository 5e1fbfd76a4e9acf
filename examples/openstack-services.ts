/**
 * Finds the block storage of a cloud in its catalogue, lists the backups there, and asks for one that does not exist.
 *
 *     node examples/openstack-services.ts
 *     OS_AUTH_URL=https://iam.example/v3 OS_APPLICATION_CREDENTIAL_ID=… OS_APPLICATION_CREDENTIAL_SECRET=… \
 *       OS_REGION_NAME=… node examples/openstack-services.ts
 */
import { isVendorError } from '@holdfast/core'
import { keystone } from '@holdfast/keystone'
import { createOpenstack } from '@holdfast/keystone/client'
import { cloudEndpoint } from './endpoint.ts'

const cloud = await cloudEndpoint()
const volumes = await createOpenstack({ auth: keystone(cloud.login), catalog: 'volumev3' })

try {
  const reply = await volumes(`${volumes.url}/backups/detail`)
  const { backups } = (await reply.json()) as { readonly backups: readonly unknown[] }
  console.log(`backups  ${backups.length}`)

  await volumes(`${volumes.url}/backups/8e9c4a1e-3a86-4f1f-9b2a-0d6f4c7c3b11`)
} catch (error) {
  if (!isVendorError(error, 'openstack')) throw error
  console.log(`${error.operation}: ${error.code} (${error.kind}): ${error.hint}`)
} finally {
  await volumes.close()
  await cloud.close()
}
