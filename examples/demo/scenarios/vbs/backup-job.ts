import { backup, cloud, memberOf, project } from '../../cloud.ts'
import { backupTime, type SimulatedCloud } from '../../environments/openstack.ts'
import { seconds } from '../../messages.ts'
import { errorIn, type Result } from '../../result.ts'
import type { Scenario } from '../../scenario.ts'

const busy = 'VolumeBackup.0013'
const failing = 'VolumeBackup.0064'

/** Jobs that end well, and badly. */
export const backupJob: Scenario<SimulatedCloud> = {
  name: 'backup-job',
  title: 'A backup that runs and ends',
  about:
    'A backup is a job that is asked after. While one runs, the same disk takes no other: the client waits until it is over. The answer about a failed job has status 200; the client reads the failure in it.',
  readsOnly: false,
  async run(runner, { vbs }) {
    vbs.failWork('backup', { code: failing, reason: 'The store is gone.', inSubJob: true })
    runner.server(`backups take ${seconds(backupTime)}; the next one will fail`)
    const failed = jobOf(await runner.call(backup('volume-2')))
    const good = jobOf(await runner.call(backup('volume-1')))
    runner.check('the job is under way', ['INIT', 'RUNNING'].includes(String(statusIn(await runner.call(good)))))

    runner.caller('wants another backup of volume-1 already')
    const again = await runner.call(backup('volume-1'))
    const made = vbs.executed.filter(({ target }) => target === 'volume-1')
    const apart = (made[1]?.at ?? 0) - (made[0]?.at ?? 0)
    const refusals = vbs.calls.filter(({ code }) => code === busy)
    runner.check('it was refused first, then begun', again.type === 'answered' && refusals.length > 0)
    runner.check(`by the server’s clock, ${seconds(apart)} after the first`, made.length === 2 && apart >= backupTime)
    runner.check('the first job has ended well', statusIn(await runner.call(good)) === 'SUCCESS')

    const error = errorIn(await runner.call(failed))
    runner.check(
      'the failed one is an error, though its status is 200',
      error?.code === failing && error.status === 200,
    )
    const there = vbs.backups.map(({ volume_id, status }) => `${volume_id} ${status}`)
    runner.check(
      'nothing was begun anew for it',
      there.filter((one) => one.startsWith('volume-2')).join() === 'volume-2 error',
    )
  },
}

const jobOf = (result: Result) =>
  cloud('GET', `/v1/${project}/jobs/${result.type === 'answered' ? memberOf(result.body, 'job_id') : ''}`)
const statusIn = (result: Result) => (result.type === 'answered' ? memberOf(result.body, 'status') : undefined)
