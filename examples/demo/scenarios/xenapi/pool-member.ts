import type { SimulatedPool } from '../../environments/xenapi.ts'
import type { Result } from '../../result.ts'
import { rpc } from '../../rpc.ts'
import type { Runner } from '../../runner.ts'
import type { Scenario } from '../../scenario.ts'

const callers = 20

/** A host that is not the master. */
export const poolMember: Scenario<SimulatedPool> = {
  name: 'pool-member',
  title: 'A pool member that names its master',
  about:
    'Only the master of a pool serves. Any other host refuses with HOST_IS_SLAVE and the master’s address: the client goes there, for it is one of the hosts that it was told to trust, and stays there.',
  readsOnly: true,
  async run(runner, simulated) {
    if (simulated !== undefined) {
      runner.server(`${simulated.master} is the master; the callers know ${simulated.member}, a member`)
    }
    const first = await runner.callMany(callers, rpc('VM.get_all'))
    const later = await runner.callMany(callers, rpc('VM.get_all'))
    const results = [...first, ...later]
    runner.check(`all ${results.length} callers got their answer`, results.every(isAnswered))
    if (simulated === undefined) runner.check('one login', runner.counts.logins === 1)
    else checkHosts(runner, simulated)
  },
}

function checkHosts(runner: Runner, { pool, counts }: SimulatedPool): void {
  const asked = (name: string) => pool.calls.filter(({ host }) => host === name).map(({ rpc }) => rpc)
  runner.check('one login, by the master’s own count', counts().logins === 1)
  runner.check('the member was asked once, by that login', asked('member').join() === 'session.login_with_password')
  runner.check('every call went straight to the master', count(asked('master'), 'VM.get_all') === 2 * callers)
}

const isAnswered = ({ type }: Result) => type === 'answered'
const count = (methods: readonly (string | undefined)[], wanted: string) =>
  methods.filter((method) => method === wanted).length
