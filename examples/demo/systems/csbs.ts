import { policyRuns } from '../scenes/csbs/policy-runs.ts'
import { quotas } from '../scenes/csbs/quota.ts'
import { staleToken } from '../scenes/csbs/stale-token.ts'
import { defineSystem } from '../system.ts'
import { type EmbeddedCloud, embeddedCloud } from '../worlds/openstack.ts'

export const csbs = defineSystem<EmbeddedCloud>({
  name: 'csbs',
  title: 'a Cloud Server Backup Service and its Keystone',
  scenes: [staleToken, policyRuns, quotas],
  open: () => embeddedCloud('csbs'),
})
