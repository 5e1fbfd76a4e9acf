import type { SimulatedVCenter } from '../../environments/vsphere.ts'
import { post } from '../../request.ts'
import type { Scenario } from '../../scenario.ts'

/** One object that somebody else works on. */
export const busy: Scenario<SimulatedVCenter> = {
  name: 'busy',
  title: 'A machine that is busy',
  about:
    'Somebody else is at work on the machine. vCenter says so with status 500, but the catalogue knows that RESOURCE_BUSY means: refused before anything was done. So even this POST is sent again.',
  readsOnly: false,
  async run(runner, { vcenter }) {
    vcenter.faults.busy('vm-1', 2)
    runner.server('vm-1 will be busy for the next two requests')
    const result = await runner.call(post('/api/vcenter/vm/vm-1/power?action=start'))
    const started = vcenter.executed.filter(({ action, target }) => action === 'vm.start' && target === 'vm-1')
    runner.check('the third attempt was answered', result.type === 'answered' && result.status === 204)
    runner.check('the server started the machine exactly once', started.length === 1 && vcenter.executed.length === 1)
  },
}
