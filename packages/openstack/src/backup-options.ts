import { oneOf } from '@holdfast/core/plugin'
import { type CheckedServiceOptions, checkServiceOptions, type ServiceOptions } from './service-options.ts'

interface Reading {
  /**
   * The treatment of a failed backup that is read by itself (200 with `status: "error"`): `throw` makes it an error of the call,
   * for programs that poll for a backup. Other programs list, read and delete failed backups.
   *
   * @default 'return'
   */
  readonly failedBackups?: 'return' | 'throw'
}

/** The options of a backup service. */
export type BackupOptions = ServiceOptions & Reading

/** The options, checked. */
export type CheckedBackupOptions = CheckedServiceOptions & Required<Reading>

/**
 * Checks the options of a backup service.
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function checkBackupOptions(vendor: string, options: BackupOptions): CheckedBackupOptions {
  const service = checkServiceOptions(vendor, options, { failedBackups: oneOf('return', 'throw') })
  return { ...service, failedBackups: options.failedBackups ?? 'return' }
}
