import { rpc } from '../../rpc.ts'
import type { Scene } from '../../scene.ts'
import type { Stage } from '../../stage.ts'
import type { Told } from '../../told.ts'
import type { EmbeddedPool } from '../../worlds/xenapi.ts'

const callers = 20

/** A host that is not the one to ask. */
export const poolMember: Scene<EmbeddedPool> = {
  name: 'pool-member',
  title: 'A pool member that names its master',
  about:
    'Only the master of a pool serves. Any other host refuses with HOST_IS_SLAVE and the master’s address: the client goes there, for it is one of the hosts that it was told to trust, and stays there.',
  readsOnly: true,
  async play(stage, embedded) {
    if (embedded !== undefined) {
      stage.server(`${embedded.master} is the master; the callers know ${embedded.member}, a member`)
    }
    const first = await stage.crowd(callers, rpc('VM.get_all'))
    const later = await stage.crowd(callers, rpc('VM.get_all'))
    const told = [...first, ...later]
    stage.check(`all ${told.length} callers got their answer`, told.every(isAnswered))
    if (embedded === undefined) stage.check('one login', stage.tally.logins === 1)
    else checkHosts(stage, embedded)
  },
}

function checkHosts(stage: Stage, { pool, seen }: EmbeddedPool): void {
  const asked = (name: string) => pool.calls.filter(({ host }) => host === name).map(({ rpc }) => rpc)
  stage.check('one login, by the master’s own count', seen().logins === 1)
  stage.check('the member was asked once, by that login', asked('member').join() === 'session.login_with_password')
  stage.check('every call went straight to the master', count(asked('master'), 'VM.get_all') === 2 * callers)
}

const isAnswered = ({ type }: Told) => type === 'answered'
const count = (methods: readonly (string | undefined)[], wanted: string) =>
  methods.filter((method) => method === wanted).length
