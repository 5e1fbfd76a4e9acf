import { backup, cloud, memberOf } from '../../cloud.ts'
import type { Scene } from '../../scene.ts'
import { errorIn, type Told } from '../../told.ts'
import type { EmbeddedCloud } from '../../worlds/openstack.ts'

/** A backup that was begun, and nobody was told. */
export const lostReply: Scene<EmbeddedCloud> = {
  name: 'lost-reply',
  title: 'A backup whose answer is lost',
  about:
    'Nothing tells a repeated request from a new one here: to send it twice is to make two backups. So it is not repeated. The error says that it may have been done, and which query shows whether it was.',
  readsOnly: false,
  async play(stage, { vbs }) {
    vbs.faults.drop({ method: 'POST', when: 'after' })
    stage.server('begins the next backup, and closes the connection instead of saying so')
    const error = errorIn(await stage.call(backup('volume-1')))
    const posts = vbs.calls.filter(({ method }) => method === 'POST')
    const begun = vbs.executed.filter(({ action, target }) => action === 'backup.create' && target === 'volume-1')
    stage.check('the POST was sent once, and the server did it once', posts.length === 1 && begun.length === 1)
    stage.check('its error says that it may have been done', error?.mayBeDone === true)

    stage.caller('asks what error.verifyWith says')
    const [method = '', question = ''] = error?.verifyWith?.split(' ') ?? []
    const found = method === 'GET' ? backupsIn(await stage.call(cloud(method, question))) : []
    const [there] = vbs.backups
    stage.check(
      'the backup is there, exactly once',
      found.length === 1 && vbs.backups.length === 1 && memberOf(found[0], 'id') === there?.id,
    )
  },
}

function backupsIn(told: Told): readonly unknown[] {
  const backups = told.type === 'answered' ? memberOf(told.body, 'backups') : undefined
  return Array.isArray(backups) ? backups : []
}
