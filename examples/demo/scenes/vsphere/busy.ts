import { post } from '../../ask.ts'
import type { Scene } from '../../scene.ts'
import type { EmbeddedVCenter } from '../../worlds/vsphere.ts'

/** One object that somebody else works on. */
export const busy: Scene<EmbeddedVCenter> = {
  name: 'busy',
  title: 'A machine that is busy',
  about:
    'Somebody else is at work on the machine. vCenter says so with status 500, but the catalogue knows that RESOURCE_BUSY means: refused before anything was done. So even this POST is sent again.',
  readsOnly: false,
  async play(stage, { vcenter }) {
    vcenter.busy('vm-1', 2)
    stage.server('vm-1 will be busy for the next two requests')
    const told = await stage.call(post('/api/vcenter/vm/vm-1/power?action=start'))
    const started = vcenter.executed.filter(({ action, target }) => action === 'vm.start' && target === 'vm-1')
    stage.check('the third attempt was answered', told.type === 'answered' && told.status === 204)
    stage.check('the server started the machine exactly once', started.length === 1 && vcenter.executed.length === 1)
  },
}
