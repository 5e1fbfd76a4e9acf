import type { Vendor } from '@holdfast/core'

/** A request of the demo. */
export interface DemoRequest {
  /** Its name in the output. */
  readonly label: string
  /** Appended to the server's URL. */
  readonly path: string
  readonly init: RequestInit
  /** True if it changes anything at the server. */
  readonly changes: boolean
  /** The vendor, where it is another than the scenario's. */
  readonly vendor?: Vendor
}

/** Makes a request that only reads. */
export const get = (path: string): DemoRequest => ({
  label: `GET ${path}`,
  path,
  init: { method: 'GET' },
  changes: false,
})

/** Makes a request that changes something. */
export const post = (path: string): DemoRequest => ({
  label: `POST ${path}`,
  path,
  init: { method: 'POST' },
  changes: true,
})
