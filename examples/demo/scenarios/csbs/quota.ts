import type { VendorError } from '@holdfast/core'
import { policy, protect } from '../../cloud.ts'
import { quota, type SimulatedCloud } from '../../environments/openstack.ts'
import { errorIn } from '../../result.ts'
import type { Runner } from '../../runner.ts'
import type { Scenario } from '../../scenario.ts'

/** Limits that do not pass with time. */
export const quotas: Scenario<SimulatedCloud> = {
  name: 'quota',
  title: 'A quota that is reached',
  about:
    'No room for one more backup, no room for one more policy. The vendor’s remedy for the latter ends in “and try again”, but something must be deleted before: no waiting makes room. The client does not try again, and its hint says what to do.',
  readsOnly: false,
  async run(runner, { csbs }) {
    runner.server(`has room for ${quota.backups} backups and ${quota.policies} policy`)
    for (const server of ['server-1', 'server-2']) await runner.call(protect(server))
    const backups = errorIn(await runner.call(protect('server-3')))
    checkFailed(runner, backups, 'CSBS.9006')
    await runner.call(policy('daily', 'server-1'))
    const policies = errorIn(await runner.call(policy('weekly', 'server-2')))
    checkFailed(runner, policies, 'CSBS.0001')
    const refused = csbs.calls.flatMap(({ code }) => code ?? [])
    runner.check('the server refused once each', refused.join() === 'CSBS.9006,CSBS.0001')
    const full = csbs.backups.length === quota.backups && csbs.policies.length === quota.policies
    runner.check('it has made what there was room for, no more', full)
    runner.check('nobody waited', runner.counts.waited === 0)
  },
}

function checkFailed(runner: Runner, error: VendorError | undefined, code: string): void {
  const once = error?.kind === 'fatal' && error.attempts.length === 1
  runner.check(`${code}: fatal after one attempt, with a hint`, once && error.code === code && Boolean(error.hint))
}
