import type { SimulatedVCenter } from '../../environments/vsphere.ts'
import { get } from '../../request.ts'
import type { Scenario } from '../../scenario.ts'

const callers = 20

/** Many callers without a session. */
export const login: Scenario<SimulatedVCenter> = {
  name: 'login',
  title: 'Many callers, one login',
  about:
    'Twenty calls start at once and nobody has logged in yet. The client logs in by itself, once, and all of them share the session.',
  readsOnly: true,
  async run(runner, simulated) {
    const results = await runner.callMany(callers, get('/api/vcenter/vm'))
    const answered = results.filter(({ type }) => type === 'answered')
    runner.check(`all ${callers} callers got their answer`, answered.length === callers)
    if (simulated === undefined) runner.check('one login', runner.counts.logins === 1)
    else runner.check('one login, by the server’s own count', simulated.counts().logins === 1)
  },
}
