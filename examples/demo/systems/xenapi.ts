import { xenapi as vendorOf } from '@holdfast/xenapi'
import { realPool, type SimulatedPool, startPool } from '../environments/xenapi.ts'
import { pendingTasks } from '../scenarios/xenapi/pending-tasks.ts'
import { poolMember } from '../scenarios/xenapi/pool-member.ts'
import { powerState } from '../scenarios/xenapi/power-state.ts'
import { rateLimit } from '../scenarios/xenapi/rate-limit.ts'
import { restart } from '../scenarios/xenapi/restart.ts'
import { defineSystem } from '../system.ts'

export const xenapi = defineSystem<SimulatedPool>({
  name: 'xenapi',
  title: 'a XenAPI pool',
  scenarios: [poolMember, powerState, rateLimit, pendingTasks, restart],
  open: startPool,
  real: {
    variables: ['XENAPI_USERNAME', 'XENAPI_PASSWORD'],
    check: (url) => void vendorOf({ url }),
    open: realPool,
  },
})
