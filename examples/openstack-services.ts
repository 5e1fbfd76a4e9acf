/**
 * Finds the block storage of a cloud in its catalogue, lists the backups there, and asks for one that does not exist.
 *
 *     node examples/openstack-services.ts
 *     OS_AUTH_URL=https://iam.example/v3 OS_APPLICATION_CREDENTIAL_ID=… OS_APPLICATION_CREDENTIAL_SECRET=… \
 *       OS_REGION_NAME=… node examples/openstack-services.ts
 */
import { createState, isVendorError, resilient } from '@holdfast/core'
import { endpointOf, keystone } from '@holdfast/keystone'
import { openstack } from '@holdfast/openstack'
import { cloudEndpoint } from './endpoint.ts'

const cloud = await cloudEndpoint()
const auth = keystone(cloud.login)
const state = createState()
const identity = resilient(fetch, { vendor: openstack({ url: auth.identityUrl, auth }), state })
const url = await endpointOf(identity, auth, 'volumev3')
const volumes = resilient(fetch, { vendor: openstack({ url, auth }), state })

try {
  const reply = await volumes(`${url}/backups/detail`)
  const { backups } = (await reply.json()) as { readonly backups: readonly unknown[] }
  console.log(`backups  ${backups.length}`)

  await volumes(`${url}/backups/8e9c4a1e-3a86-4f1f-9b2a-0d6f4c7c3b11`)
} catch (error) {
  if (!isVendorError(error, 'openstack')) throw error
  console.log(`${error.operation}: ${error.code} (${error.kind}): ${error.hint}`)
} finally {
  await volumes.close()
  await identity.close()
  await cloud.close()
}
