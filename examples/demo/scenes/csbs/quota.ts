import type { VendorError } from '@holdfast/core'
import { policy, protect } from '../../cloud.ts'
import type { Scene } from '../../scene.ts'
import type { Stage } from '../../stage.ts'
import { errorIn } from '../../told.ts'
import { type EmbeddedCloud, quota } from '../../worlds/openstack.ts'

/** Limits that time does not lift. */
export const quotas: Scene<EmbeddedCloud> = {
  name: 'quota',
  title: 'A quota that is reached',
  about:
    'No room for one more backup, no room for one more policy. The vendor’s remedy for the latter ends in “and try again”, but something must be deleted before: no waiting makes room. The client does not try again, and its hint says what to do.',
  readsOnly: false,
  async play(stage, { csbs }) {
    stage.server(`has room for ${quota.backups} backups and ${quota.policies} policy`)
    for (const server of ['server-1', 'server-2']) await stage.call(protect(server))
    const backups = errorIn(await stage.call(protect('server-3')))
    checkFailed(stage, backups, 'CSBS.9006')
    await stage.call(policy('daily', 'server-1'))
    const policies = errorIn(await stage.call(policy('weekly', 'server-2')))
    checkFailed(stage, policies, 'CSBS.0001')
    const refused = csbs.calls.flatMap(({ code }) => code ?? [])
    stage.check('the server refused once each', refused.join() === 'CSBS.9006,CSBS.0001')
    const full = csbs.backups.length === quota.backups && csbs.policies.length === quota.policies
    stage.check('it has made what there was room for, no more', full)
    stage.check('nobody waited', stage.tally.waited === 0)
  },
}

function checkFailed(stage: Stage, error: VendorError | undefined, code: string): void {
  const once = error?.kind === 'fatal' && error.attempts.length === 1
  stage.check(`${code}: fatal after one attempt, with a hint`, once && error.code === code && Boolean(error.hint))
}
