/**
 * Lists the backups of servers and disks of a cloud: two services, two catalogues, one token.
 *
 *     node examples/openstack-quickstart.ts
 *     OS_AUTH_URL=https://iam.example/v3 OS_USERNAME=… OS_PASSWORD=… OS_USER_DOMAIN_NAME=… OS_PROJECT_ID=… \
 *       CSBS_URL=https://csbs.example VBS_URL=https://vbs.example node examples/openstack-quickstart.ts
 */
import { createState, isVendorError, resilient } from '@holdfast/core'
import { csbs } from '@holdfast/csbs'
import { keystone } from '@holdfast/keystone'
import { vbs } from '@holdfast/vbs'
import { cloudEndpoint } from './endpoint.ts'

const cloud = await cloudEndpoint()
// One source of tokens and one state: what one client logs in for, the other uses, too.
const auth = keystone(cloud.login)
const state = createState()
const servers = resilient(fetch, { vendor: csbs({ url: cloud.csbs, auth }), state })
const disks = resilient(fetch, { vendor: vbs({ url: cloud.vbs, auth }), state })

try {
  const ofServers = await servers(`${cloud.csbs}/v1/${cloud.project}/checkpoint_items`)
  const { checkpoint_items } = (await ofServers.json()) as { readonly checkpoint_items: readonly unknown[] }
  console.log(`backups of servers  ${checkpoint_items.length}`)

  const ofDisks = await disks(`${cloud.vbs}/v2/${cloud.project}/backups`)
  const { backups } = (await ofDisks.json()) as { readonly backups: readonly unknown[] }
  console.log(`backups of disks    ${backups.length}`)

  // What cannot succeed is not tried again, and says why.
  await servers(`${cloud.csbs}/v1/${cloud.project}/policies/no-such-policy`)
} catch (error) {
  if (!isVendorError(error, 'csbs') && !isVendorError(error, 'vbs')) throw error
  console.log(`${error.code} (${error.kind}): ${error.hint}`)
} finally {
  // The last one revokes the token.
  await servers.close()
  await disks.close()
  await cloud.close()
}
