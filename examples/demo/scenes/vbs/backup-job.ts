import { backup, cloud, memberOf, project } from '../../cloud.ts'
import type { Scene } from '../../scene.ts'
import { errorIn, type Told } from '../../told.ts'
import { seconds } from '../../words.ts'
import { backupTime, type EmbeddedCloud } from '../../worlds/openstack.ts'

const busy = 'VolumeBackup.0013'
const failing = 'VolumeBackup.0064'

/** Jobs that end well, and badly. */
export const backupJob: Scene<EmbeddedCloud> = {
  name: 'backup-job',
  title: 'A backup that runs and ends',
  about:
    'A backup is a job that is asked after. While one runs, the same disk takes no other: the client waits until it is over. A job that has failed is told with 200; the client reads the failure in it.',
  readsOnly: false,
  async play(stage, { vbs }) {
    vbs.failWork('backup', { code: failing, reason: 'The store is gone.', inSubJob: true })
    stage.server(`backups take ${seconds(backupTime)}; the next one will fail`)
    const failed = jobOf(await stage.call(backup('volume-2')))
    const good = jobOf(await stage.call(backup('volume-1')))
    stage.check('the job is under way', ['INIT', 'RUNNING'].includes(String(statusIn(await stage.call(good)))))

    stage.caller('wants another backup of volume-1 already')
    const again = await stage.call(backup('volume-1'))
    const made = vbs.executed.filter(({ target }) => target === 'volume-1')
    const apart = (made[1]?.at ?? 0) - (made[0]?.at ?? 0)
    const refusals = vbs.calls.filter(({ code }) => code === busy)
    stage.check('it was refused first, then begun', again.type === 'answered' && refusals.length > 0)
    stage.check(`by the server’s clock, ${seconds(apart)} after the first`, made.length === 2 && apart >= backupTime)
    stage.check('the first job has ended well', statusIn(await stage.call(good)) === 'SUCCESS')

    const error = errorIn(await stage.call(failed))
    stage.check('the failed one is an error, though told with 200', error?.code === failing && error.status === 200)
    const there = vbs.backups.map(({ volume_id, status }) => `${volume_id} ${status}`)
    stage.check(
      'nothing was begun anew for it',
      there.filter((one) => one.startsWith('volume-2')).join() === 'volume-2 error',
    )
  },
}

const jobOf = (told: Told) =>
  cloud('GET', `/v1/${project}/jobs/${told.type === 'answered' ? memberOf(told.body, 'job_id') : ''}`)
const statusIn = (told: Told) => (told.type === 'answered' ? memberOf(told.body, 'status') : undefined)
