import type { ResilientOptions, RetryOptions } from '@holdfast/core'
import { type MockVendor, mockVendor, type RunningServer, serve, type VCenter, vcenter } from '@holdfast/testing'
import { type VsphereCode, type VsphereRow, vsphere } from '@holdfast/vsphere'
import { wire } from '@holdfast/vsphere/testing'
import type { Seen } from './tally.ts'

/** A vCenter of our own, which can be made to misbehave. */
export interface Embedded {
  readonly vcenter: VCenter
  /** What stands before it and answers in its place when told so. */
  readonly proxy: MockVendor<VsphereCode>
  readonly server: RunningServer
  /** What it counted since the scene began. */
  seen(): Seen
  /** Ends every trouble and starts counting anew. */
  calm(): void
}

/** Where the demo plays. */
export interface World {
  readonly url: string
  /** The client's options here. */
  readonly options: Omit<ResilientOptions<VsphereRow>, 'retry'> & { readonly retry?: RetryOptions }
  /** Absent where the vCenter is a real one: that is only read. */
  readonly embedded?: Embedded
  close(): Promise<void>
}

/** User name and password of a real endpoint. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** A real endpoint, with the patience that a spectator has. */
export function realWorld(url: string, login: Login): World {
  return {
    url: new URL(url).origin,
    options: { vendor: vsphere({ url, ...login }), timeout: 10_000, totalTimeout: 30_000 },
    close: async () => {},
  }
}

const machines = { 'vm-1': 'POWERED_OFF', 'vm-2': 'POWERED_ON', 'vm-3': 'POWERED_OFF' } as const

/** Starts a vCenter in this process, on a real socket. */
export async function embeddedWorld(): Promise<World> {
  const login: Login = { username: 'administrator@vsphere.local', password: 'demo' }
  const vc = vcenter({ ...login, vms: machines })
  const server = await serve(vc.handlers)
  const vendor = vsphere({ url: server.url, ...login })
  const proxy = mockVendor(vendor, { wire })
  let loginsBefore = 0
  return {
    url: server.url,
    // Shorter waits than the defaults, so that nobody has to watch for minutes; all else is as it comes.
    options: { vendor, retry: { jitter: 'equal', backoff: { fast: { base: 300, limit: 2_000 } } } },
    embedded: {
      vcenter: vc,
      proxy,
      server,
      seen: () => ({
        requests: vc.calls.length + proxy.calls.length,
        logins: vc.logins - loginsBefore,
        changes: vc.executed.length,
      }),
      calm() {
        server.resetHandlers()
        vc.calm()
        vc.recover()
        vc.clear()
        proxy.clear()
        loginsBefore = vc.logins
      },
    },
    close: server.close,
  }
}
