import { oneOf } from '@holdfast/core/plugin'
import { type CheckedServiceOptions, checkServiceOptions, type ServiceOptions } from '@holdfast/openstack'

interface Reading {
  /**
   * The treatment of a failed backup that is looked at (`GET …/backups/{id}` with `status: "error"`) is an error of the call. It is
   * a thing that one lists, reads and deletes; but who polls for a backup wants to know. A failed job always is one.
   *
   * @default 'return'
   */
  readonly failedBackups?: 'return' | 'throw'
}

/** The options of `vbs`. */
export type VbsOptions = ServiceOptions & Reading

/** The options, checked. */
export type CheckedOptions = CheckedServiceOptions & Required<Reading>

/** @throws {OptionsError} naming the option at fault. */
export function checkOptions(options: VbsOptions): CheckedOptions {
  const service = checkServiceOptions('vbs', options, { failedBackups: oneOf('return', 'throw') })
  return { ...service, failedBackups: options.failedBackups ?? 'return' }
}
