/**
 * A machine is powered off, and waited for: a session that ends, a vCenter that is down or a poll that fails on the way
 * changes nothing. One that is off already is as good.
 */
import type { WorkingFetch } from '@holdfast/core/work'
import type { VsphereRow } from '@holdfast/vsphere'
import { poweredOff } from '@holdfast/vsphere/work'

/** Powers a machine off and waits until it is. The client is made with `withWork(resilient(…), vsphereWork)`. */
export async function powerOff(vcenter: WorkingFetch<VsphereRow>, url: string, vm: string): Promise<void> {
  const init = { method: 'POST', resilience: { acceptAchieved: true } }
  const work = await vcenter.start(`${url}/api/vcenter/vm/${vm}/power?action=stop&vmw-task=true`, init)
  await work.result
  await vcenter.until(poweredOff(vm), { timeout: 60_000 })
}
