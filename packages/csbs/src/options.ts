import { oneOf } from '@holdfast/core/plugin'
import { type CheckedServiceOptions, checkServiceOptions, type ServiceOptions } from '@holdfast/openstack'

interface Reading {
  /**
   * The treatment of a failed backup that is looked at (`GET …/checkpoint_items/{id}` with `status: "error"`) is an error of the
   * call. It is a thing that one lists, reads and deletes; but who polls for a backup wants to know.
   *
   * @default 'return'
   */
  readonly failedBackups?: 'return' | 'throw'
}

/** The options of `csbs`. */
export type CsbsOptions = ServiceOptions & Reading

/** The options, checked. */
export type CheckedOptions = CheckedServiceOptions & Required<Reading>

/** @throws {OptionsError} naming the option at fault. */
export function checkOptions(options: CsbsOptions): CheckedOptions {
  const service = checkServiceOptions('csbs', options, { failedBackups: oneOf('return', 'throw') })
  return { ...service, failedBackups: options.failedBackups ?? 'return' }
}
