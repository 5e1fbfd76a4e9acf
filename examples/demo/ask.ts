import type { Vendor } from '@holdfast/core'

/** One thing to ask a server for. */
export interface Ask {
  /** As the story shows it. */
  readonly label: string
  /** Behind the server's URL. */
  readonly path: string
  readonly init: RequestInit
  /** Whether it changes anything at the server. */
  readonly changes: boolean
  /** What knows the errors of this service, where it is not the one that the scene is about. @default the scene's own */
  readonly vendor?: Vendor
}

/** Reads. */
export const get = (path: string): Ask => ({ label: `GET ${path}`, path, init: { method: 'GET' }, changes: false })

/** Acts. */
export const post = (path: string): Ask => ({ label: `POST ${path}`, path, init: { method: 'POST' }, changes: true })
