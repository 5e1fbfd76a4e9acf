import type { ErrorRow, Vendor } from '@holdfast/core/plugin'
import { type BackupOptions, checkBackupOptions, openstackVendor } from '@holdfast/openstack'
import { paramsOf } from './busy.ts'
import { catalogue } from './catalogue.ts'
import { failureIn200 } from './failures-in-200.ts'
import { paths } from './paths.ts'
import { isRepeatableWrite, isSafe, needsRequestBody, successKindOf } from './requests.ts'
import { verificationOf } from './verification.ts'

export { type CsbsCode, catalogue } from './catalogue.ts'

/** The options of `csbs`. */
export type CsbsOptions = BackupOptions

/** One row of CSBS's catalogue. `Extract` gives the union of all rows this name, which editors show. */
export type CsbsRow = Extract<(typeof catalogue)['rows'][number], ErrorRow>

/**
 * The Cloud Server Backup Service (CSBS) of Open Telekom Cloud and Huawei Cloud: its errors, and those of gateway,
 * identity service and load balancer in front of it.
 *
 * @example
 * const auth = keystone({ authUrl, username, password, userDomainName, projectId })
 * const backups = resilient(fetch, { vendor: csbs({ url: 'https://csbs.example', auth }) })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function csbs(options: CsbsOptions = {}): Vendor<CsbsRow> {
  const { failedBackups, ...service } = checkBackupOptions('csbs', options)
  return openstackVendor(
    {
      name: 'csbs',
      catalogue,
      successes: { 200: 'OK', 204: 'NO_CONTENT' },
      paths,
      ownCodes: /^(?:CSBS|BackupService)\./,
      paramsOf,
      successKindOf(request) {
        const kind = successKindOf(request)
        return kind === 'backup' && failedBackups === 'return' ? undefined : kind
      },
      failureIn200,
      needsRequestBody,
      isSafe,
      isRepeatableWrite,
      verificationOf,
    },
    service,
  )
}
