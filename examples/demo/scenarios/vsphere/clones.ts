import { vsphereWork } from '@holdfast/vsphere/work'
import type { SimulatedVCenter } from '../../environments/vsphere.ts'
import type { Scenario } from '../../scenario.ts'

const names = ['web-1', 'web-2', 'web-3']

/** Work that goes on for a while, at a server that is away for some of it. */
export const clones: Scenario<SimulatedVCenter> = {
  name: 'clones',
  title: 'Long work',
  about:
    'vCenter takes a clone on and answers with a task. One poll for all tasks is repeated, whatever happens meanwhile: here a proxy answers 503 for a second, and every session ends.',
  readsOnly: false,
  async run(runner, { vcenter, counts }) {
    setTimeout(() => vcenter.outage(), 1_000)
    setTimeout(() => vcenter.recover(), 2_000)
    setTimeout(() => vcenter.expireSessions(), 2_500)
    const results = await runner.work(
      vsphereWork,
      names.map((name) => ({
        label: `clone ${name}`,
        path: '/api/vcenter/vm?action=clone&vmw-task=true',
        init: { method: 'POST', body: JSON.stringify({ source: 'vm-2', name }) },
        changes: true,
      })),
    )
    runner.check(
      'three machines more, each of them made once',
      results.every(({ type }) => type === 'answered') && counts().changes === names.length,
    )
  },
}
