import { cloud, policy, project } from '../../cloud.ts'
import { backupTime, type SimulatedCloud } from '../../environments/openstack.ts'
import { seconds } from '../../messages.ts'
import { errorIn } from '../../result.ts'
import type { Scenario } from '../../scenario.ts'

const code = 'CSBS.2004'

/** A policy that cannot be changed while it is executing. */
export const policyRuns: Scenario<SimulatedCloud> = {
  name: 'policy-runs',
  title: 'A policy that is executing',
  about: `While a policy makes its backups, it cannot be changed: ${code}, with a 400 that looks as if the request were wrong. The client waits at the slow pace, which is shortened here as the backup is: its first wait is 15 s by default. A call that has no more retries ends as a conflict and names what runs.`,
  readsOnly: false,
  async run(runner, { csbs }) {
    await runner.call(policy('daily', 'server-1'))
    const [id = ''] = csbs.policies
    const rename = cloud('PUT', `/v1/${project}/policies/${id}`, { policy: { name: 'hourly' } })
    csbs.runSchedule(id)
    runner.server(`the policy’s hour has come: it backs up server-1 for ${seconds(backupTime)}`)

    const error = errorIn(await runner.call(rename, { retry: { limit: 1 } }))
    runner.caller(`had one retry only, and reads error.params: running ${error?.params.running}`)
    runner.check(
      'a conflict that names the policy',
      error?.kind === 'conflict' && error.params.running === `policy ${id}`,
    )
    runner.check('nothing was changed', csbs.executed.length === 1)

    runner.caller('has the usual retries')
    const result = await runner.call(rename)
    const puts = csbs.calls.filter(({ method }) => method === 'PUT')
    const refusals = puts.slice(0, -1)
    runner.check(
      'it was refused while the policy ran, then answered',
      result.type === 'answered' && refusals.length > 2 && refusals.every((put) => put.code === code),
    )
    const [started, ended] = [csbs.backups[0]?.created_at ?? '', csbs.backups[0]?.extend_info.finished_at ?? '']
    const [changed, ...more] = csbs.executed.filter(({ action }) => action === 'policy.update')
    runner.check('one backup ran to its end', csbs.backups.length === 1 && ended > started)
    runner.check('the server changed the policy once, and after it', after(changed?.at, ended) && more.length === 0)
  },
}

const after = (at = 0, time: string) => time !== '' && at >= Date.parse(`${time.slice(0, 23)}Z`)
