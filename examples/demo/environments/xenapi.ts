import { createServer } from 'node:net'
import { serve } from '@holdfast/testing'
import { xenapi as vendorOf } from '@holdfast/xenapi'
import { type XapiPool, xapi } from '@holdfast/xenapi/simulator'
import type { Environment, Login, SimulatedServer } from '../system.ts'

/** A simulated pool: a master and a member, each at its own address. */
export interface SimulatedPool extends SimulatedServer {
  readonly pool: XapiPool
  /** Addresses of its hosts. */
  readonly master: string
  readonly member: string
}

/** Milliseconds between two calls of a machine's plug-ins; a real pool has ten seconds. */
export const pluginInterval = 1_500

/** Pending tasks that the pool accepts; a real one takes a hundred. */
export const maxPendingTasks = 8

const vms = { 'vm-1': 'Running', 'vm-2': 'Running', 'vm-3': 'Halted' } as const

/** Starts a pool in this process, on real sockets. Its member is asked. */
export async function startPool(): Promise<Environment<SimulatedPool>> {
  const account: Login = { username: 'root', password: 'demo' }
  const [master, member] = ['127.0.0.1', await anotherLoopback()]
  const hosts = [
    { name: 'master', address: master },
    { name: 'member', address: member },
  ] as const
  // Asked after once, a task is done: nobody has to watch it grow.
  const pool = xapi({ ...account, hosts, vms, pluginInterval, maxPendingTasks, pollsUntilDone: 1 })
  const first = await serve(pool.host('master').handlers, { host: master })
  const port = Number(new URL(first.url).port)
  const second = await serve(pool.host('member').handlers, { host: member, port })
  return {
    url: second.url,
    isPool: true,
    options: {
      vendor: vendorOf({ url: second.url, members: [first.url], ...account }),
      // Shorter waits than the defaults, so that nobody has to watch for minutes; all else is as it comes.
      retry: { jitter: 'equal', backoff: { fast: shortWaits, slow: shortWaits } },
    },
    server: { pool, master, member, ...countsOf(pool) },
    close: async () => void (await Promise.all([first.close(), second.close()])),
  }
}

const shortWaits = { base: 300, limit: 2_000 }

/** Counts the pool's requests, and resets the pool. */
function countsOf(pool: XapiPool): SimulatedServer {
  let loginsBefore = 0
  return {
    counts: () => ({
      requests: pool.calls.length,
      logins: pool.logins - loginsBefore,
      changes: pool.executed.filter(({ action }) => !action.startsWith('session.')).length,
    }),
    reset() {
      pool.faults.clear()
      pool.ready()
      pool.loseTasks()
      pool.clear()
      loginsBefore = pool.logins
    },
  }
}

/** A second address of this machine. Not every system answers at all of 127.0.0.0/8. */
async function anotherLoopback(): Promise<string> {
  const address = '127.0.0.2'
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(0, address, () => server.close(() => resolve(true)))
  })
  return isFree ? address : '::1'
}

/** A real pool, by its master, with short time limits. */
export const realPool = (url: string, account: Login): Environment<SimulatedPool> => ({
  url: new URL(url).origin,
  isPool: true,
  options: { vendor: vendorOf({ url, ...account }), timeout: 10_000, totalTimeout: 30_000 },
  close: async () => {},
})
