import { vsphere as vendorOf } from '@holdfast/vsphere'
import { busy } from '../scenes/vsphere/busy.ts'
import { expired } from '../scenes/vsphere/expired.ts'
import { failFast } from '../scenes/vsphere/fail-fast.ts'
import { login } from '../scenes/vsphere/login.ts'
import { outage } from '../scenes/vsphere/outage.ts'
import { overload } from '../scenes/vsphere/overload.ts'
import { timeout } from '../scenes/vsphere/timeout.ts'
import { defineSystem } from '../system.ts'
import { type EmbeddedVCenter, embeddedVCenter, realVCenter } from '../worlds/vsphere.ts'

export const vsphere = defineSystem<EmbeddedVCenter>({
  name: 'vsphere',
  title: 'a vCenter',
  scenes: [login, failFast, busy, overload, expired, timeout, outage],
  open: embeddedVCenter,
  real: {
    variables: ['VSPHERE_USERNAME', 'VSPHERE_PASSWORD'],
    check: (url) => void vendorOf({ url }),
    open: realVCenter,
  },
})
