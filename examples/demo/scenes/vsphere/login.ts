import { get } from '../../ask.ts'
import type { Scene } from '../../scene.ts'
import type { EmbeddedVCenter } from '../../worlds/vsphere.ts'

const callers = 20

/** Nobody has logged in, and everybody calls. */
export const login: Scene<EmbeddedVCenter> = {
  name: 'login',
  title: 'Many callers, one login',
  about:
    'Twenty calls start at once and nobody has logged in yet. The client logs in by itself, once, and all of them share the session.',
  readsOnly: true,
  async play(stage, embedded) {
    const told = await stage.crowd(callers, get('/api/vcenter/vm'))
    const answered = told.filter(({ type }) => type === 'answered')
    stage.check(`all ${callers} callers got their answer`, answered.length === callers)
    if (embedded === undefined) stage.check('one login', stage.tally.logins === 1)
    else stage.check('one login, by the server’s own count', embedded.seen().logins === 1)
  },
}
