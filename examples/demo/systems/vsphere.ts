import { vsphere as vendorOf } from '@holdfast/vsphere'
import { realVCenter, type SimulatedVCenter, startVCenter } from '../environments/vsphere.ts'
import { busy } from '../scenarios/vsphere/busy.ts'
import { clones } from '../scenarios/vsphere/clones.ts'
import { expired } from '../scenarios/vsphere/expired.ts'
import { failFast } from '../scenarios/vsphere/fail-fast.ts'
import { login } from '../scenarios/vsphere/login.ts'
import { outage } from '../scenarios/vsphere/outage.ts'
import { overload } from '../scenarios/vsphere/overload.ts'
import { timeout } from '../scenarios/vsphere/timeout.ts'
import { defineSystem } from '../system.ts'

export const vsphere = defineSystem<SimulatedVCenter>({
  name: 'vsphere',
  title: 'a vCenter',
  scenarios: [login, failFast, busy, overload, expired, timeout, clones, outage],
  open: startVCenter,
  real: {
    variables: ['VSPHERE_USERNAME', 'VSPHERE_PASSWORD'],
    check: (url) => void vendorOf({ url }),
    open: realVCenter,
  },
})
