import { type MockVendor, mockVendor, type RunningServer, serve } from '@holdfast/testing'
import { type VsphereCode, vsphere as vendorOf } from '@holdfast/vsphere'
import { type VCenter, vcenter } from '@holdfast/vsphere/simulator'
import { wire } from '@holdfast/vsphere/testing'
import type { Environment, Login, SimulatedServer } from '../system.ts'

/** A simulated vCenter. */
export interface SimulatedVCenter extends SimulatedServer {
  readonly vcenter: VCenter
  /** A proxy before it, which answers in its place where a script says so. */
  readonly proxy: MockVendor<VsphereCode>
  readonly server: RunningServer
}

const machines = { 'vm-1': 'POWERED_OFF', 'vm-2': 'POWERED_ON', 'vm-3': 'POWERED_OFF' } as const

/** Starts a vCenter in this process, on a real socket. */
export async function startVCenter(): Promise<Environment<SimulatedVCenter>> {
  const account: Login = { username: 'administrator@vsphere.local', password: 'demo' }
  const vc = vcenter({ ...account, vms: machines, taskTime: 4_000 })
  const server = await serve(vc.handlers)
  const vendor = vendorOf({ url: server.url, ...account })
  const proxy = mockVendor(vendor, { wire })
  let loginsBefore = 0
  return {
    url: server.url,
    // Shorter waits than the defaults, so that nobody has to watch for minutes; all else is as it comes.
    options: { vendor, retry: { jitter: 'equal', backoff: { fast: { base: 300, limit: 2_000 } } } },
    server: {
      vcenter: vc,
      proxy,
      server,
      counts: () => ({
        requests: vc.calls.length + proxy.calls.length,
        logins: vc.logins - loginsBefore,
        changes: vc.executed.length,
      }),
      reset() {
        server.resetHandlers()
        vc.faults.clear()
        vc.recover()
        vc.clear()
        proxy.clear()
        loginsBefore = vc.logins
      },
    },
    close: server.close,
  }
}

/** A real vCenter, with short time limits. */
export const realVCenter = (url: string, account: Login): Environment<SimulatedVCenter> => ({
  url: new URL(url).origin,
  options: { vendor: vendorOf({ url, ...account }), timeout: 10_000, totalTimeout: 30_000 },
  close: async () => {},
})
