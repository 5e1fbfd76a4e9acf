import type { Vendor } from '@holdfast/core'
import { csbs as csbsVendor } from '@holdfast/csbs'
import { type CsbsService, csbsServer } from '@holdfast/csbs/simulator'
import { keystone as tokensOf } from '@holdfast/keystone'
import { type Keystone, keystoneServer } from '@holdfast/keystone/simulator'
import { serve } from '@holdfast/testing'
import { vbs as vbsVendor } from '@holdfast/vbs'
import { type VbsService, vbsServer } from '@holdfast/vbs/simulator'
import { project } from '../cloud.ts'
import type { Environment, SimulatedServer } from '../system.ts'

/** A simulated cloud: its identity service, and two services that take the same tokens. */
export interface SimulatedCloud extends SimulatedServer {
  readonly keystone: Keystone
  readonly csbs: CsbsService
  readonly vbs: VbsService
  /** What both services' errors mean. Their tokens are from one source. */
  readonly vendors: Readonly<Record<'csbs' | 'vbs', Vendor>>
}

/** Milliseconds that a backup takes; a real one takes minutes, or hours. */
export const backupTime = 2_000

/** How much of each there may be. Real projects have room for more. */
export const quota = { backups: 2, policies: 1 } as const

const account = { name: 'operator', password: 'open sesame' } as const
const waiting = 200
const durations = { waiting, backup: backupTime - waiting }

/** Starts a cloud in this process, on a real socket, for callers of one of its services. */
export async function startCloud(service: 'csbs' | 'vbs'): Promise<Environment<SimulatedCloud>> {
  const server = await serve([])
  const { url } = server
  const auth = tokensOf({
    authUrl: `${url}/v3`,
    username: account.name,
    password: account.password,
    userDomainName: 'Default',
    projectId: project,
  })
  const vendors = { csbs: csbsVendor({ url, auth }), vbs: vbsVendor({ url, auth }) }
  let services = newServices()
  return {
    url,
    // Shorter waits than the defaults, so that nobody has to watch for minutes; all else is as it comes.
    options: { vendor: vendors[service], retry: { jitter: 'equal', backoff: { fast: shortWaits, slow: shortWaits } } },
    server: {
      vendors,
      get keystone() {
        return services.keystone
      },
      get csbs() {
        return services.csbs
      },
      get vbs() {
        return services.vbs
      },
      counts: () => countsOf(services),
      reset() {
        services = newServices()
        server.resetHandlers()
        server.use(...services.keystone.handlers, ...services.csbs.handlers, ...services.vbs.handlers)
      },
    },
    close: server.close,
  }
}

const shortWaits = { base: 400, limit: 2_000 }

/** Services in their first state. They refuse a token that has ended with different statuses. */
function newServices(): Pick<SimulatedCloud, 'keystone' | 'csbs' | 'vbs'> {
  const keystone = keystoneServer({ users: [account], projects: [{ name: 'demo', id: project }] })
  const servers = ['server-1', 'server-2', 'server-3']
  return {
    keystone,
    csbs: csbsServer({ keystone, servers, quota, durations, staleToken: '401' }),
    vbs: vbsServer({ keystone, durations, staleToken: '403' }),
  }
}

const countsOf = ({ keystone, csbs, vbs }: ReturnType<typeof newServices>) => ({
  requests: keystone.calls.length + csbs.calls.length + vbs.calls.length,
  logins: keystone.logins,
  changes: csbs.executed.length + vbs.executed.length,
})
