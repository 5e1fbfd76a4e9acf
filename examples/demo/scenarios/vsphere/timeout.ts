import { setTimeout as sleep } from 'node:timers/promises'
import type { VCenter } from '@holdfast/vsphere/simulator'
import type { SimulatedVCenter } from '../../environments/vsphere.ts'
import { get, post } from '../../request.ts'
import { errorIn } from '../../result.ts'
import type { Scenario } from '../../scenario.ts'

const machine = '/api/vcenter/vm/vm-3/power'
const patience = { timeout: 500 }
const late = 1_000

/** An answer that comes too late. */
export const timeout: Scenario<SimulatedVCenter> = {
  name: 'timeout',
  title: 'An answer that comes too late',
  about:
    'After a time-out nobody knows whether the work was done. A read is sent again; a POST is not, and its error says that it may have been done.',
  readsOnly: false,
  async run(runner, { vcenter }) {
    vcenter.faults.slow(late, { times: 1, where: ({ path }) => path === machine })
    vcenter.faults.slow(late, { times: 1, where: ({ path }) => path === '/api/vcenter/vm' })
    runner.server('takes a second for the next POST, and for the next list')

    const error = errorIn(await runner.call(post(`${machine}?action=start`), patience))
    await workDone(vcenter)
    const done = workOn(vcenter).map(({ action, target }) => `${action} ${target}`)
    runner.server(`has done this by now: ${done.join(', ') || 'nothing'}`)
    runner.caller('looks before asking again')
    const state = await runner.call(get(machine))
    const posts = vcenter.calls.filter(({ method, path }) => method === 'POST' && path === machine)
    runner.check(
      'the POST was sent once, and the server did it once',
      posts.length === 1 && workOn(vcenter).length === 1,
    )
    runner.check('its error says that it may have been done', error?.mayBeDone === true)
    runner.check('and so it was: vm-3 is on', state.type === 'answered' && isOn(state.body))

    const list = await runner.call(get('/api/vcenter/vm'), patience)
    const gets = vcenter.calls.filter(({ method, path }) => method === 'GET' && path === '/api/vcenter/vm')
    runner.check('the GET was sent twice, and answered', list.type === 'answered' && gets.length === 2)
  },
}

const workOn = ({ executed }: VCenter) => executed.filter(({ target }) => target === 'vm-3')

const isOn = (body: unknown) =>
  typeof body === 'object' && body !== null && 'state' in body && body.state === 'POWERED_ON'

/** Waits until the server has nothing left to do. */
async function workDone({ calls }: VCenter): Promise<void> {
  const started = performance.now()
  while (calls.some(({ end }) => end === 'pending') && performance.now() - started < 10 * late) await sleep(20)
}
