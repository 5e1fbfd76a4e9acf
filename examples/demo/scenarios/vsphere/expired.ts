import type { SimulatedVCenter } from '../../environments/vsphere.ts'
import { get } from '../../request.ts'
import type { Scenario } from '../../scenario.ts'

const callers = 20

/** A session that ends while many callers use it. */
export const expired: Scenario<SimulatedVCenter> = {
  name: 'expired',
  title: 'A session that ends under twenty callers',
  about:
    'The server ends the session while twenty calls are on their way. Each is refused with 401; one login serves them all, and each is sent again.',
  readsOnly: false,
  async run(runner, { vcenter, counts }) {
    await runner.call(get('/api/vcenter/vm'))
    const before = counts()
    vcenter.expireSessions()
    runner.server('has ended every session')
    const results = await runner.callMany(callers, get('/api/vcenter/vm'))
    const after = counts()
    runner.check(
      `no caller noticed: ${callers} answers`,
      results.every(({ type }) => type === 'answered'),
    )
    runner.check('one new login, by the server’s own count', after.logins - before.logins === 1)
    runner.check('each call was sent twice, no more', after.requests - before.requests === 2 * callers + 1)
  },
}
