import { backup, cloud, memberOf } from '../../cloud.ts'
import type { SimulatedCloud } from '../../environments/openstack.ts'
import { errorIn, type Result } from '../../result.ts'
import type { Scenario } from '../../scenario.ts'

/** A backup that was begun, with its answer lost. */
export const lostReply: Scenario<SimulatedCloud> = {
  name: 'lost-reply',
  title: 'A backup whose answer is lost',
  about:
    'Nothing tells a repeated request from a new one here: to send it twice is to make two backups. So it is not repeated. The error says that it may have been done, and which query shows whether it was.',
  readsOnly: false,
  async run(runner, { vbs }) {
    vbs.faults.drop({ method: 'POST', when: 'after' })
    runner.server('begins the next backup, and closes the connection instead of saying so')
    const error = errorIn(await runner.call(backup('volume-1')))
    const posts = vbs.calls.filter(({ method }) => method === 'POST')
    const begun = vbs.executed.filter(({ action, target }) => action === 'backup.create' && target === 'volume-1')
    runner.check('the POST was sent once, and the server did it once', posts.length === 1 && begun.length === 1)
    runner.check('its error says that it may have been done', error?.mayBeDone === true)

    runner.caller('asks what error.verifyWith says')
    const [method = '', question = ''] = error?.verifyWith?.split(' ') ?? []
    const found = method === 'GET' ? backupsIn(await runner.call(cloud(method, question))) : []
    const [there] = vbs.backups
    runner.check(
      'the backup is there, exactly once',
      found.length === 1 && vbs.backups.length === 1 && memberOf(found[0], 'id') === there?.id,
    )
  },
}

function backupsIn(result: Result): readonly unknown[] {
  const backups = result.type === 'answered' ? memberOf(result.body, 'backups') : undefined
  return Array.isArray(backups) ? backups : []
}
