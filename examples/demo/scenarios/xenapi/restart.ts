import type { XapiPool } from '@holdfast/xenapi/simulator'
import type { SimulatedPool } from '../../environments/xenapi.ts'
import { errorIn } from '../../result.ts'
import { rpc } from '../../rpc.ts'
import type { Runner } from '../../runner.ts'
import type { Scenario } from '../../scenario.ts'

const callers = 200
const [acting, reading] = ['VM.clean_reboot', 'VM.get_record'] as const

/** A server that restarts while many callers use it. */
export const restart: Scenario<SimulatedPool> = {
  name: 'restart',
  title: `A toolstack that restarts under ${callers} callers`,
  about:
    'The restart cuts every call, the host is busy booting, and then it knows no session any more. What only reads is asked again until it is answered; what acts is not. This client is made for so many (breaker.minimum, budget.size): by default its circuit would soon be open, and the calls would fail.',
  options: { breaker: { minimum: 1_000 }, budget: { size: 1_000 } },
  readsOnly: false,
  async run(runner, { pool, counts }) {
    // A host answers a call when its work is done; these calls are still at work when it stops.
    pool.faults.hang({ method: acting, when: 'after' })
    pool.faults.hang({ method: reading, times: callers })
    const reboot = runner.call(rpc(acting, 'OpaqueRef:vm-1'))
    const reads = runner
      .untilSeen(() => done(pool) === 1, 'the reboot')
      .then(() => runner.callMany(callers, rpc(reading, 'OpaqueRef:vm-2')))
    const [cut, results] = await Promise.all([reboot, reads, restartUnder(runner, pool)])
    const error = errorIn(cut)
    runner.check(
      `all ${callers} readers got their answer`,
      results.every(({ type }) => type === 'answered'),
    )
    runner.check('one new login, by the server’s own count', counts().logins === 2)
    runner.check('the reboot was asked for once, and done once', done(pool) === 1 && callsOf(pool, acting).length === 1)
    runner.check('its error says that it may have been done', error?.mayBeDone === true)
  },
}

async function restartUnder(runner: Runner, pool: XapiPool): Promise<void> {
  await runner.untilSeen(() => underWay(pool) === callers + 1, 'all calls')
  runner.server('has rebooted vm-1 and not said so yet, when its toolstack restarts')
  pool.restart()
  await runner.wait(600)
  pool.ready()
  runner.server('is up, and has forgotten every session')
}

const callsOf = ({ calls }: XapiPool, method: string) => calls.filter(({ rpc: called }) => called === method)
const done = ({ executed }: XapiPool) => executed.filter(({ action }) => action === acting).length
const underWay = ({ calls }: XapiPool) => calls.filter(({ end, rpc: called }) => end === 'pending' && called).length
