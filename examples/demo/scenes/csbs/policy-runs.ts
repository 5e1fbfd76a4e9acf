import { cloud, policy, project } from '../../cloud.ts'
import type { Scene } from '../../scene.ts'
import { errorIn } from '../../told.ts'
import { seconds } from '../../words.ts'
import { backupTime, type EmbeddedCloud } from '../../worlds/openstack.ts'

const code = 'CSBS.2004'

/** A policy that cannot be changed while it is executing. */
export const policyRuns: Scene<EmbeddedCloud> = {
  name: 'policy-runs',
  title: 'A policy that is executing',
  about: `While a policy makes its backups, it cannot be changed: ${code}, with a 400 that looks as if the request were wrong. The client waits at the slow pace, which is shortened here as the backup is: its first wait is 15 s by default. A call that has no more retries ends as a conflict and names what runs.`,
  readsOnly: false,
  async play(stage, { csbs }) {
    await stage.call(policy('daily', 'server-1'))
    const [id = ''] = csbs.policies
    const rename = cloud('PUT', `/v1/${project}/policies/${id}`, { policy: { name: 'hourly' } })
    csbs.runSchedule(id)
    stage.server(`the policy’s hour has come: it backs up server-1 for ${seconds(backupTime)}`)

    const error = errorIn(await stage.call(rename, { retry: { limit: 1 } }))
    stage.caller(`had one retry only, and reads error.params: running ${error?.params.running}`)
    stage.check(
      'a conflict that names the policy',
      error?.kind === 'conflict' && error.params.running === `policy ${id}`,
    )
    stage.check('nothing was changed', csbs.executed.length === 1)

    stage.caller('has the usual retries')
    const told = await stage.call(rename)
    const puts = csbs.calls.filter(({ method }) => method === 'PUT')
    const refusals = puts.slice(0, -1)
    stage.check(
      'it was refused while the policy ran, then answered',
      told.type === 'answered' && refusals.length > 2 && refusals.every((put) => put.code === code),
    )
    const [started, ended] = [csbs.backups[0]?.created_at ?? '', csbs.backups[0]?.extend_info.finished_at ?? '']
    const [changed, ...more] = csbs.executed.filter(({ action }) => action === 'policy.update')
    stage.check('one backup ran to its end', csbs.backups.length === 1 && ended > started)
    stage.check('the server changed the policy once, and after it', after(changed?.at, ended) && more.length === 0)
  },
}

const after = (at = 0, time: string) => time !== '' && at >= Date.parse(`${time.slice(0, 23)}Z`)
