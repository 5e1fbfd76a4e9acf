import type { System } from './system.ts'
import { csbs } from './systems/csbs.ts'
import { vbs } from './systems/vbs.ts'
import { vsphere } from './systems/vsphere.ts'
import { xenapi } from './systems/xenapi.ts'

/** Every system, in the order in which they run. */
export const systems: readonly System[] = [vsphere, xenapi, csbs, vbs]
