import { resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { vsphere } from '@holdfast/vsphere'
import { vsphereWork } from '@holdfast/vsphere/work'
import { createXenApi } from '@holdfast/xenapi/client'
import type { Host } from './hosts/host.ts'
import { vsphereHost } from './hosts/vsphere.ts'
import { xenapiHost } from './hosts/xenapi.ts'

const account = { username: 'u', password: 'p' }

/** A way to wait for the tasks of a host, and the host that it is measured at. */
export interface Watcher {
  readonly name: string
  /** Polls a second that it may ask; absent for what is only shown beside. */
  readonly goal?: number
  hostOf(number: number, ms: number): Host
  /** Waits for every task; calls `ended` with each as soon as its end is known. */
  watch(host: Host, ended: (id: string) => void): Promise<unknown>
}

/** Milliseconds between two polls of a loop, as of vmware/govmomi (`vapi/cis/tasks/tasks.go`): the more, the later it learns of an end. */
const LOOP = 10_000

export const watchers: readonly Watcher[] = [
  {
    name: 'vSphere, Holdfast',
    goal: 2,
    hostOf: vsphereHost,
    watch({ url, tasks, fetch }, ended) {
      const client = withWork(resilient(fetch, { vendor: vsphere({ url, ...account }) }), vsphereWork)
      return Promise.all(tasks.map(({ id }) => client.work(id).result.then(() => ended(id))))
    },
  },
  {
    name: 'XenAPI, Holdfast',
    goal: 2,
    hostOf: xenapiHost,
    watch({ url, tasks, fetch }, ended) {
      const xen = createXenApi({ url, ...account, fetch })
      return Promise.all(tasks.map(({ id }) => xen.work(id).result.then(() => ended(id))))
    },
  },
  {
    name: 'vSphere, a loop for each task',
    hostOf: vsphereHost,
    watch({ url, tasks, fetch }, ended) {
      const loop = async (id: string) => {
        for (;;) {
          const reply = await fetch(`${url}/api/cis/tasks/${encodeURIComponent(id)}`)
          const { status } = (await reply.json()) as { status: string }
          if (status !== 'RUNNING') return ended(id)
          await new Promise((resolve) => setTimeout(resolve, LOOP))
        }
      }
      return Promise.all(tasks.map(({ id }) => loop(id)))
    },
  },
]
