import { xenapi as vendorOf } from '@holdfast/xenapi'
import { pendingTasks } from '../scenes/xenapi/pending-tasks.ts'
import { poolMember } from '../scenes/xenapi/pool-member.ts'
import { powerState } from '../scenes/xenapi/power-state.ts'
import { rateLimit } from '../scenes/xenapi/rate-limit.ts'
import { restart } from '../scenes/xenapi/restart.ts'
import { defineSystem } from '../system.ts'
import { type EmbeddedPool, embeddedPool, realPool } from '../worlds/xenapi.ts'

export const xenapi = defineSystem<EmbeddedPool>({
  name: 'xenapi',
  title: 'a XenAPI pool',
  scenes: [poolMember, powerState, rateLimit, pendingTasks, restart],
  open: embeddedPool,
  real: {
    variables: ['XENAPI_USERNAME', 'XENAPI_PASSWORD'],
    check: (url) => void vendorOf({ url }),
    open: realPool,
  },
})
