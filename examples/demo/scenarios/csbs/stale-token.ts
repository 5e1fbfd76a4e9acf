import type { RecordedCall } from '@holdfast/testing'
import { cloud, project } from '../../cloud.ts'
import type { SimulatedCloud } from '../../environments/openstack.ts'
import type { Result } from '../../result.ts'
import type { Scenario } from '../../scenario.ts'

const callers = 20

/** A token that expires while callers of two services use it. */
export const staleToken: Scenario<SimulatedCloud> = {
  name: 'stale-token',
  title: 'A token that ends under two services',
  about:
    'CSBS and VBS take the same tokens, and the clients of both share one. When it ends under twenty callers, CSBS says so with a 401 and VBS with a 403 that looks like a missing right. Either way, one login serves them all, and each call is sent again.',
  readsOnly: false,
  async run(runner, { keystone, csbs, vbs, vendors }) {
    const servers = cloud('GET', `/v1/${project}/policies`)
    const disks = { ...cloud('GET', `/v2/${project}/backups/detail`), vendor: vendors.vbs }
    const before = [await runner.call(servers), await runner.call(disks)]
    runner.check('one login for both services, by Keystone’s own count', all(before) && keystone.logins === 1)

    keystone.expireTokens()
    runner.server('Keystone has ended every token')
    const ofServers = await runner.callMany(callers, servers)
    runner.check(`no caller of CSBS noticed: ${callers} answers`, all(ofServers) && ofServers.length === callers)
    runner.check('one new login, by Keystone’s own count', keystone.logins === 2)

    keystone.expireTokens()
    runner.server('Keystone has ended every token once more')
    const ofDisks = await runner.callMany(callers, disks)
    runner.check(`no caller of VBS noticed: ${callers} answers`, all(ofDisks) && ofDisks.length === callers)
    runner.check('one new login, by Keystone’s own count', keystone.logins === 3)
    const twice = [...Array(callers + 1).fill(200), ...Array(callers).fill(401)]
    runner.check('each call was sent twice, no more', statuses(csbs.calls) === twice.join())
    runner.check('and so it was at VBS', statuses(vbs.calls) === twice.join().replaceAll('401', '403'))
  },
}

const all = (results: readonly Result[]) => results.every(({ type }) => type === 'answered')
const statuses = (calls: readonly RecordedCall[]) =>
  calls
    .map(({ status }) => status)
    .sort()
    .join()
