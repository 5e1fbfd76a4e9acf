import type { XapiPool } from '@holdfast/xenapi/simulator'
import { maxPendingTasks, type SimulatedPool } from '../../environments/xenapi.ts'
import type { Result } from '../../result.ts'
import { rpc, valueIn } from '../../rpc.ts'
import type { Runner } from '../../runner.ts'
import type { Scenario } from '../../scenario.ts'

const callers = 60
const machine = 'OpaqueRef:vm-2'
const code = 'TOO_MANY_PENDING_TASKS'
const patience = { errors: { [code]: { trips: false } } }

/** A queue that is full. */
export const pendingTasks: Scenario<SimulatedPool> = {
  name: 'pending-tasks',
  title: 'A queue that is full',
  about: `${code} says that nothing was done, so even ${callers} snapshots may be asked for again. A client takes it for overload and soon opens its circuit, unless it is told otherwise: these callers can wait, and have said so (trips: false).`,
  readsOnly: false,
  async run(runner, { pool }) {
    await runner.callMany(maxPendingTasks, rpc('Async.VM.snapshot', machine, 'nightly'))
    runner.server(`${pool.pendingTasks} tasks are pending, and no more work is taken`)
    const batch = runner.callMany(callers, rpc('VM.snapshot', machine, 'batch'), patience)
    const [results] = await Promise.all([batch, askAfterTasks(runner)])
    runner.check(`all ${callers} callers got a snapshot of their own`, snapshotsOf(results, pool) === callers)
    const made = [...pool.vms.values()].filter(({ name_label }) => name_label === 'batch')
    runner.check(`the server has made ${callers}, no more`, made.length === callers)
    runner.check('it had refused each of them before', refused(pool) >= callers)
    runner.check('the circuit stayed closed', runner.circuit === 'closed')
  },
}

async function askAfterTasks(runner: Runner): Promise<void> {
  let refusals = 0
  await runner.until((event) => event.type === 'decision-made' && ++refusals === callers, 'the refusals')
  runner.caller('asks after the tasks: they are done by now')
  await runner.call(rpc('task.get_all'))
}

const refused = ({ calls }: XapiPool) => calls.filter((call) => call.code === code).length

/** Number of different machines that the callers know of and that exist. */
function snapshotsOf(results: readonly Result[], { vms }: XapiPool): number {
  const refs = results.map((one) => (one.type === 'answered' ? valueIn(one.body) : undefined))
  return new Set(refs.filter((ref) => typeof ref === 'string' && vms.has(ref))).size
}
