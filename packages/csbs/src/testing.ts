import type { Fault } from '@holdfast/core/plugin'
import { failed, json, type OpenStackReply, sharedWire, type WriteFault } from '@holdfast/openstack/testing'

/** The shapes of the answers of the service, and of the servers in front of it. */
export type CsbsShape =
  | keyof typeof sharedWire
  | 'flat'
  | 'jsonInMessage'
  | 'nested'
  | 'protectable'
  | 'restorable'
  | 'creation'
  | 'backup'

/**
 * The form of a fault on the wire, by shape: the inverse of what the vendor reads. For tests and mock servers.
 */
export const wire: Readonly<Record<CsbsShape, WriteFault>> = {
  /** The documented shape. */
  flat: (fault) =>
    isOwn(fault)
      ? failed(fault, statusOf(fault), { error_code: fault.code, error_msg: fault.message ?? '' })
      : undefined,

  /** The message as a JSON document inside a string: it names the policy that blocks the request. */
  jsonInMessage: (fault) => {
    const [id, name] = fault.code === 'CSBS.6004' ? (fault.params ?? []) : []
    if (id === undefined && name === undefined) return undefined
    const error_msg = JSON.stringify({ msg: fault.message ?? '', plan_id: id, plan_name: name })
    return failed(fault, statusOf(fault), { error_code: fault.code, error_msg })
  },

  /** As in other services of the same cloud. */
  nested: (fault) =>
    isOwn(fault)
      ? failed(fault, statusOf(fault), { error: { code: fault.code, message: fault.message ?? '' } })
      : undefined,

  /** The answer to `check_protectable`: 200 with `result: false`. */
  protectable: (fault) => checked(fault, 'protectable', 'NOT_PROTECTABLE'),

  /** The answer to `check_restorable`. */
  restorable: (fault) => checked(fault, 'restorable', 'NOT_RESTORABLE'),

  /** A backup, or a restore, that was accepted and failed immediately. */
  creation: ({ code, inTask, message = '' }) => {
    if (inTask !== true) return undefined
    if (code === 'BACKUP_FAILED') {
      return successWith(
        { checkpoint: { id: record, status: 'error' } },
        { method: 'POST', url: `${base}/providers/${provider}/checkpoints` },
      )
    }
    return code === 'RESTORE_FAILED'
      ? successWith(
          { restore: { id: record, status: 'fail', resources_reason: { [server]: message } } },
          { method: 'POST', url: `${base}/restores` },
        )
      : undefined
  },

  /** A failed backup that is read. A failure only if the option `failedBackups` says so. */
  backup: ({ code, inTask, message = '', details = [] }) => {
    const operation = operations.get(code)
    if (operation === undefined || inTask !== true) return undefined
    const fail_code = details[0] === undefined ? {} : { Code: Number(details[0]), Description: message }
    const extend_info = { fail_op: operation, fail_reason: message, fail_code, progress: 0 }
    return successWith(
      { checkpoint_item: { id: item, checkpoint_id: record, resource_id: server, status: 'error', extend_info } },
      { method: 'GET', url: `${base}/checkpoint_items/${item}` },
    )
  },

  ...sharedWire,
}

const base = '/v1/b942cc8342734d15bcb246babb1953cf'
const provider = 'fc4d5750-22e7-4798-8a46-f48f62c4c1da'
const server = '9506416d-db6c-406e-8bca-c0f43793d914'
const record = '14626f11-b54a-44ea-8e69-7463e527506a'
const item = '504b7d59-c361-411f-9ed3-814f35d08e3d'

const operations: ReadonlyMap<string, string> = new Map([
  ['BACKUP_FAILED', 'backup'],
  ['RESTORE_FAILED', 'restore'],
  ['DELETE_FAILED', 'delete'],
])

const shared = /^(?:APIGW?|IAM)\.|^BALANCER_|^[a-z]/
const own = /^(?:CSBS|BackupService)\./

/** Codes that a check cannot have: the first depends on its status, and the others are about the caller. */
const ofStatus = new Set(['CSBS.9009', 'BackupService.8600', 'BackupService.9998'])

/** Codes that only this service has, and those that only a success can contain, separately. */
const isOwn = ({ code }: Fault) =>
  !shared.test(code) && !operations.has(code) && code !== 'NOT_PROTECTABLE' && code !== 'NOT_RESTORABLE'

/** A status that no document has for the code, so that none of several rows is chosen. */
const statusOf = ({ status = 409 }: Fault) => status

function checked(fault: Fault, key: 'protectable' | 'restorable', unnamed: string): OpenStackReply | undefined {
  const { code, message = '', inTask = false, details = [], transient } = fault
  const isCarried = code === unnamed || (own.test(code) && !ofStatus.has(code))
  if (!isCarried || inTask || details.length > 0 || transient !== undefined) return undefined
  const words = code === unnamed ? { error_code: '', error_msg: '' } : { error_code: code, error_msg: message }
  const result = { resource_id: server, resource_type: 'OS::Nova::Server', result: false, ...words }
  return successWith({ [key]: [result] }, { method: 'POST', url: `${base}/providers/${provider}/resources/action` })
}

const successWith = (body: unknown, request: NonNullable<OpenStackReply['request']>): OpenStackReply => ({
  status: 200,
  headers: json,
  body: JSON.stringify(body),
  request,
})
