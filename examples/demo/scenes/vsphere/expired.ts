import { get } from '../../ask.ts'
import type { Scene } from '../../scene.ts'
import type { EmbeddedVCenter } from '../../worlds/vsphere.ts'

const callers = 20

/** A session that ends under everybody at once. */
export const expired: Scene<EmbeddedVCenter> = {
  name: 'expired',
  title: 'A session that ends under twenty callers',
  about:
    'The server ends the session while twenty calls are on their way. Each is refused with 401; one login serves them all, and each is sent again.',
  readsOnly: false,
  async play(stage, { vcenter, seen }) {
    await stage.call(get('/api/vcenter/vm'))
    const before = seen()
    vcenter.expireSessions()
    stage.server('has ended every session')
    const told = await stage.crowd(callers, get('/api/vcenter/vm'))
    const after = seen()
    stage.check(
      `no caller noticed: ${callers} answers`,
      told.every(({ type }) => type === 'answered'),
    )
    stage.check('one new login, by the server’s own count', after.logins - before.logins === 1)
    stage.check('each call was sent twice, no more', after.requests - before.requests === 2 * callers + 1)
  },
}
