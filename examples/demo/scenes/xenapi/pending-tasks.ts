import type { XapiPool } from '@holdfast/xenapi/simulator'
import { rpc, valueIn } from '../../rpc.ts'
import type { Scene } from '../../scene.ts'
import type { Stage } from '../../stage.ts'
import type { Told } from '../../told.ts'
import { type EmbeddedPool, maxPendingTasks } from '../../worlds/xenapi.ts'

const callers = 60
const machine = 'OpaqueRef:vm-2'
const code = 'TOO_MANY_PENDING_TASKS'
const patience = { errors: { [code]: { trips: false } } }

/** A queue that is full. */
export const pendingTasks: Scene<EmbeddedPool> = {
  name: 'pending-tasks',
  title: 'A queue that is full',
  about: `${code} says that nothing was done, so even ${callers} snapshots may be asked for again. A client takes it for overload and soon opens its circuit, unless it is told otherwise: these callers can wait, and have said so (trips: false).`,
  readsOnly: false,
  async play(stage, { pool }) {
    await stage.crowd(maxPendingTasks, rpc('Async.VM.snapshot', machine, 'nightly'))
    stage.server(`${pool.pendingTasks} tasks are pending, and no more work is taken`)
    const batch = stage.crowd(callers, rpc('VM.snapshot', machine, 'batch'), patience)
    const [told] = await Promise.all([batch, askAfterTasks(stage)])
    stage.check(`all ${callers} callers got a snapshot of their own`, snapshotsOf(told, pool) === callers)
    const made = [...pool.vms.values()].filter(({ name_label }) => name_label === 'batch')
    stage.check(`the server has made ${callers}, no more`, made.length === callers)
    stage.check('it had refused each of them before', refused(pool) >= callers)
    stage.check('the circuit stayed closed', stage.circuit === 'closed')
  },
}

async function askAfterTasks(stage: Stage): Promise<void> {
  let refusals = 0
  await stage.until((event) => event.type === 'decision-made' && ++refusals === callers, 'the refusals')
  stage.caller('asks after the tasks: they are done by now')
  await stage.call(rpc('task.get_all'))
}

const refused = ({ calls }: XapiPool) => calls.filter((call) => call.code === code).length

/** Different machines that callers were told of and that there are. */
function snapshotsOf(told: readonly Told[], { vms }: XapiPool): number {
  const refs = told.map((one) => (one.type === 'answered' ? valueIn(one.body) : undefined))
  return new Set(refs.filter((ref) => typeof ref === 'string' && vms.has(ref))).size
}
