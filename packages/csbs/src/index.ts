import { defineVendor, type Vendor } from '@holdfast/core/plugin'
import { isLogin, tokenHeader } from '@holdfast/openstack'
import { catalogue } from './catalogue.ts'
import { verifyWith } from './find-out.ts'
import { type CsbsOptions, checkOptions } from './options.ts'
import { parseWith, type Reads } from './parse.ts'
import { isRepeatable, isSafe, needsRequestBody, tellingOf } from './requests.ts'

export { type CsbsCode, catalogue } from './catalogue.ts'
export type { CsbsOptions } from './options.ts'

/** One row of CSBS's catalogue. */
export type CsbsRow = (typeof catalogue)['rows'][number]

/**
 * The Cloud Server Backup Service (CSBS) of Open Telekom Cloud and Huawei Cloud: its errors, and those of gateway,
 * identity service and load balancer in front of it.
 *
 * @example
 * const auth = keystone({ authUrl, username, password, userDomainName, projectId })
 * const backups = resilient(fetch, { vendor: csbs({ url: 'https://csbs.example', auth }) })
 *
 * @throws {TypeError} naming the option at fault.
 */
export function csbs(options: CsbsOptions = {}): Vendor<CsbsRow> {
  const { origin, auth, failedBackups } = checkOptions(options)
  const reads: Reads = (telling) => telling !== 'backup' || failedBackups === 'throw'
  return defineVendor({
    name: 'csbs',
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
    successes: { 200: 'OK', 204: 'NO_CONTENT' },
    ...(origin !== undefined && { origins: [origin] }),
    ...(auth !== undefined && { auth }),
  })
}
