import { fetchFrom } from '@holdfast/testing'
import { beforeEach, vi } from 'vitest'
import { createXenApi, type XenApi, type XenApiClientOptions } from '../src/client.ts'
import { type XapiPool, type XapiSimulatorOptions, xapi } from '../src/simulator/index.ts'
import { hosts, master, member } from './xapi-rpc.ts'

export const minute = 60_000
export const ref = (vm: string) => `OpaqueRef:${vm}`

/** A pool in fake time for each test of a file, whose tasks take a minute, and clients of it. */
export class WorkingPool {
  pool: XapiPool = xapi()

  constructor() {
    beforeEach(() => {
      vi.useFakeTimers()
      this.start()
    })
  }

  /** Puts another pool in its place. */
  start(options: XapiSimulatorOptions = {}): void {
    this.pool = xapi({ hosts, taskTime: minute, ...options })
  }

  client(options: Partial<XenApiClientOptions> = {}): XenApi {
    const account = { username: 'root', password: 'secret' }
    const fetch = fetchFrom(this.pool.handlers)
    return createXenApi({ url: master, members: [member], ...account, fetch, ...options } as XenApiClientOptions)
  }

  readonly hasMachine = (vm: string): boolean => this.pool.vms.has(vm)
}

/** What a promise settles with, once so much time has gone by. */
export async function after<T>(ms: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  await vi.advanceTimersByTimeAsync(ms)
  return promise
}
