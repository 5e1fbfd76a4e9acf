import { defineVendor, type Vendor } from '@holdfast/core/plugin'
import { isLogin, tokenHeader } from '@holdfast/openstack'
import { catalogue } from './catalogue.ts'
import { verifyWith } from './find-out.ts'
import { checkOptions, type VbsOptions } from './options.ts'
import { parseWith, type Reads } from './parse.ts'
import { isRepeatable, isSafe, needsRequestBody, tellingOf } from './requests.ts'

export { catalogue, type VbsCode } from './catalogue.ts'
export type { VbsOptions } from './options.ts'

/** One row of VBS's catalogue. */
export type VbsRow = (typeof catalogue)['rows'][number]

/**
 * The Volume Backup Service (VBS) of Open Telekom Cloud and Huawei Cloud, its OpenStack calls included: its errors, and
 * those of gateway, identity service and load balancer in front of it.
 *
 * @example
 * const auth = keystone({ authUrl, username, password, userDomainName, projectId })
 * const backups = resilient(fetch, { vendor: vbs({ url: 'https://vbs.example', auth }) })
 *
 * @throws {TypeError} naming the option at fault.
 */
export function vbs(options: VbsOptions = {}): Vendor<VbsRow> {
  const { origin, auth, failedBackups } = checkOptions(options)
  const reads: Reads = (telling) => telling !== 'backup' || failedBackups === 'throw'
  return defineVendor({
    name: 'vbs',
    catalogue,
    parse: parseWith(reads),
    // The identity service may be behind the same address, and fails apart.
    scope: (request) => (isLogin(request) ? 'login' : 'data'),
    needsRequestBody,
    isSafe,
    isRepeatable,
    verifyWith,
    bodyNeed(request) {
      const telling = tellingOf(request)
      return telling !== undefined && reads(telling) ? 'whole' : 'none'
    },
    secretHeaders: [tokenHeader],
    successes: { 200: 'OK', 202: 'ACCEPTED', 204: 'NO_CONTENT' },
    ...(origin !== undefined && { origins: [origin] }),
    ...(auth !== undefined && { auth }),
  })
}
