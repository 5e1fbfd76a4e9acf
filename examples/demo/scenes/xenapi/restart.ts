import type { XapiPool } from '@holdfast/xenapi/simulator'
import { rpc } from '../../rpc.ts'
import type { Scene } from '../../scene.ts'
import type { Stage } from '../../stage.ts'
import { errorIn } from '../../told.ts'
import type { EmbeddedPool } from '../../worlds/xenapi.ts'

const callers = 200
const [acting, reading] = ['VM.clean_reboot', 'VM.get_record'] as const

/** A server that starts anew under everybody. */
export const restart: Scene<EmbeddedPool> = {
  name: 'restart',
  title: `A toolstack that restarts under ${callers} callers`,
  about:
    'The restart cuts every call, the host is busy booting, and then it knows no session any more. What only reads is asked again until it is answered; what acts is not. This client is made for so many (breaker.minimum, budget.size): by default its circuit would soon be open, and the calls would fail.',
  options: { breaker: { minimum: 1_000 }, budget: { size: 1_000 } },
  readsOnly: false,
  async play(stage, { pool, seen }) {
    // A host that works on a call answers when it is done; these it is still at when it ends.
    pool.faults.hang({ method: acting, when: 'after' })
    pool.faults.hang({ method: reading, times: callers })
    const reboot = stage.call(rpc(acting, 'OpaqueRef:vm-1'))
    const crowd = stage
      .untilSeen(() => done(pool) === 1, 'the reboot')
      .then(() => stage.crowd(callers, rpc(reading, 'OpaqueRef:vm-2')))
    const [cut, told] = await Promise.all([reboot, crowd, restartUnder(stage, pool)])
    const error = errorIn(cut)
    stage.check(
      `all ${callers} readers got their answer`,
      told.every(({ type }) => type === 'answered'),
    )
    stage.check('one new login, by the server’s own count', seen().logins === 2)
    stage.check('the reboot was asked for once, and done once', done(pool) === 1 && callsOf(pool, acting).length === 1)
    stage.check('its error says that it may have been done', error?.mayBeDone === true)
  },
}

async function restartUnder(stage: Stage, pool: XapiPool): Promise<void> {
  await stage.untilSeen(() => underWay(pool) === callers + 1, 'the crowd')
  stage.server('has rebooted vm-1 and not said so yet, when its toolstack restarts')
  pool.restart()
  await stage.pass(600)
  pool.ready()
  stage.server('is up, and has forgotten every session')
}

const callsOf = ({ calls }: XapiPool, method: string) => calls.filter(({ rpc: called }) => called === method)
const done = ({ executed }: XapiPool) => executed.filter(({ action }) => action === acting).length
const underWay = ({ calls }: XapiPool) => calls.filter(({ end, rpc: called }) => end === 'pending' && called).length
