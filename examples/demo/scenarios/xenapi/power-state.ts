import type { SimulatedPool } from '../../environments/xenapi.ts'
import { errorIn } from '../../result.ts'
import { rpc } from '../../rpc.ts'
import type { Scenario } from '../../scenario.ts'

/** A machine that is on already. */
export const powerState: Scenario<SimulatedPool> = {
  name: 'power-state',
  title: 'A machine in the wrong power state',
  about:
    'A machine that runs cannot be started, however often somebody tries. The answer is a 200 like any other; the client reads the failure in it, and names what was expected and what was found.',
  readsOnly: false,
  async run(runner, { pool }) {
    const error = errorIn(await runner.call(rpc('VM.start', 'OpaqueRef:vm-1', false, false)))
    const { expected, actual } = error?.params ?? {}
    runner.caller(`reads error.params: expected ${expected}, actual ${actual}`)
    runner.check('a conflict, after one attempt', error?.kind === 'conflict' && error.attempts.length === 1)
    runner.check('expected halted, found running', expected === 'halted' && actual === 'running')
    const state = pool.vms.get('OpaqueRef:vm-1')?.power_state
    const asked = pool.calls.filter(({ rpc: method }) => method === 'VM.start')
    runner.check('the server was asked once, and the machine runs on', asked.length === 1 && state === 'Running')
  },
}
