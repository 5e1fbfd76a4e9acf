import type { ErrorRow, Vendor } from '@holdfast/core/plugin'
import { type BackupOptions, checkBackupOptions, openstackVendor } from '@holdfast/openstack'
import { paramsOf } from './busy.ts'
import { catalogue } from './catalogue.ts'
import { failureIn200 } from './failures-in-200.ts'
import { paths } from './paths.ts'
import { isRepeatableWrite, isSafe, needsRequestBody, successKindOf } from './requests.ts'
import { verificationOf } from './verification.ts'

export { catalogue, type VbsCode } from './catalogue.ts'

/** The options of `vbs`. */
export type VbsOptions = BackupOptions

/** One row of VBS's catalogue. `Extract` gives the union of all rows this name, which editors show. */
export type VbsRow = Extract<(typeof catalogue)['rows'][number], ErrorRow>

/**
 * The Volume Backup Service (VBS) of Open Telekom Cloud and Huawei Cloud, its OpenStack calls included: its errors, and
 * those of gateway, identity service and load balancer in front of it.
 *
 * @example
 * const auth = keystone({ authUrl, username, password, userDomainName, projectId })
 * const backups = resilient(fetch, { vendor: vbs({ url: 'https://vbs.example', auth }) })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function vbs(options: VbsOptions = {}): Vendor<VbsRow> {
  const { failedBackups, ...service } = checkBackupOptions('vbs', options)
  return openstackVendor(
    {
      name: 'vbs',
      catalogue,
      successes: { 200: 'OK', 202: 'ACCEPTED', 204: 'NO_CONTENT' },
      paths,
      ownCodes: /^(?:VolumeBackup|AutoBackup|common)\./,
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
