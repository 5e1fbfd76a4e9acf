import { type SimulatedCloud, startCloud } from '../environments/openstack.ts'
import { policyRuns } from '../scenarios/csbs/policy-runs.ts'
import { quotas } from '../scenarios/csbs/quota.ts'
import { staleToken } from '../scenarios/csbs/stale-token.ts'
import { defineSystem } from '../system.ts'

export const csbs = defineSystem<SimulatedCloud>({
  name: 'csbs',
  title: 'a Cloud Server Backup Service and its Keystone',
  scenarios: [staleToken, policyRuns, quotas],
  open: () => startCloud('csbs'),
})
