import type { XapiPool } from '@holdfast/xenapi/simulator'
import { maxPendingTasks, type SimulatedPool } from '../../environments/xenapi.ts'
import { rpc } from '../../rpc.ts'
import type { Runner } from '../../runner.ts'
import type { Scenario } from '../../scenario.ts'

const callers = 60
const machine = 'OpaqueRef:vm-2'
const code = 'TOO_MANY_PENDING_TASKS'
/** A limit that no slow machine reaches: before the last caller is refused, the first may have been refused many times. */
const patience = { errors: { [code]: { trips: false } }, retry: { limit: 50 } }

/** A queue that is full. */
export const pendingTasks: Scenario<SimulatedPool> = {
  name: 'pending-tasks',
  title: 'A queue that is full',
  about: `${code} says that nothing was done, so even ${callers} reboots may be asked for again. A client takes it for overload and soon opens its circuit, unless it is told otherwise: these callers can wait, and have said so (trips: false, and a high limit of retries).`,
  readsOnly: false,
  async run(runner, { pool }) {
    await runner.callMany(maxPendingTasks, rpc('Async.VM.snapshot', machine, 'nightly'))
    runner.server(`${pool.pendingTasks} tasks are pending, and no more work is taken`)
    const batch = runner.callMany(callers, rpc('VM.hard_reboot', machine), patience)
    const [results] = await Promise.all([batch, askAfterTasks(runner)])
    const answered = results.filter((result) => result.type === 'answered')
    runner.check(`all ${callers} callers got their answer`, answered.length === callers)
    runner.check(`the server has done ${callers} reboots, no more`, reboots(pool) === callers)
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

/** Number of reboots that were done. */
const reboots = ({ calls }: XapiPool) =>
  calls.filter(({ rpc: method, code }) => method === 'VM.hard_reboot' && code === undefined).length
