import type { Fault } from '@holdfast/core/plugin'
import { failed, json, type OpenStackReply, sharedWire, type WriteFault } from '@holdfast/openstack/testing'
import { catalogue } from './catalogue.ts'

/** The shapes of the answers of the service, and of the servers in front of it. */
export type VbsShape =
  | keyof typeof sharedWire
  | 'error'
  | 'native'
  | 'flat'
  | 'job'
  | 'subJob'
  | 'binding'
  | 'nativeBackup'

/**
 * The form of a fault on the wire, by shape: the inverse of what the vendor reads. For tests and mock servers.
 */
export const wire: Readonly<Record<VbsShape, WriteFault>> = {
  /** The service's own calls. */
  error: (fault) =>
    isOwn(fault)
      ? failed(fault, statusOf(fault), { error: { message: fault.message ?? '', code: fault.code } })
      : undefined,

  /** OpenStack's calls, with a code of the service's own inside. */
  native: (fault) =>
    isOwn(fault)
      ? failed(fault, statusOf(fault), { badRequest: { code: fault.code, message: fault.message ?? '' } })
      : undefined,

  /** As in other services of the same cloud. */
  flat: (fault) =>
    isOwn(fault)
      ? failed(fault, statusOf(fault), { error_code: fault.code, error_msg: fault.message ?? '' })
      : undefined,

  /** A job that has failed. */
  job: (fault) => begun(fault, isOfJob, (failure) => ({ ...job, ...failure, sub_jobs: [] }), jobRequest),

  /** A job that failed because of a sub-job two levels down. */
  subJob: (fault) =>
    begun(
      fault,
      (code) => code !== 'JOB_FAILED' && isOfJob(code),
      (failure) => ({
        ...job,
        error_code: 'VolumeBackup.0064',
        fail_reason: 'a sub-job failed',
        sub_jobs: [
          { status: 'SUCCESS', error_code: null, fail_reason: null, sub_jobs: '' },
          {
            status: 'FAIL',
            error_code: null,
            fail_reason: null,
            sub_jobs: [{ status: 'FAIL', ...failure, sub_jobs: '' }],
          },
        ],
      }),
      jobRequest,
    ),

  /** Some disks were bound to a policy, and some not. */
  binding: (fault) =>
    begun(
      fault,
      (code) => code === 'RESOURCES_FAILED' || (code.startsWith('AutoBackup.') && !isRefusal(code)),
      ({ error_code, fail_reason }) => ({
        success_resources: [],
        fail_resources: [
          {
            resource_id: volume,
            resource_type: 'volume',
            ...(error_code !== undefined && { code: error_code, message: fail_reason }),
          },
        ],
      }),
      { method: 'POST', url: `/v2/${project}/backuppolicyresources` },
    ),

  /** A failed backup that is read. A failure only if the option `failedBackups` says so. */
  nativeBackup: (fault) =>
    begun(
      fault,
      (code) => code === 'BACKUP_FAILED' || code === 'RESTORE_FAILED',
      ({ fail_reason }) => ({
        backup: {
          id: backup,
          volume_id: volume,
          status: fault.code === 'BACKUP_FAILED' ? 'error' : 'error_restoring',
          fail_reason,
        },
      }),
      { method: 'GET', url: `/v2/${project}/backups/${backup}` },
    ),

  ...sharedWire,
}

const project = 'b942cc8342734d15bcb246babb1953cf'
const volume = '7e5fdc5a-5e36-4b22-8bcc-7f17037290cc'
const backup = 'ba5401a2-7cd2-4c01-8c0d-c936ab412d6d'

const job = {
  status: 'FAIL',
  entities: { bks_create_volume_name: 'autobk_volume', backup_id: backup, volume_id: volume },
  job_id: '4010b39b5281d3590152874bfa3b1604',
  job_type: 'bksCreateBackup',
  begin_time: '2016-01-28T16:14:09.466Z',
  end_time: '2016-01-28T16:25:27.690Z',
}

const jobRequest = { method: 'GET', url: `/v1/${project}/jobs/${job.job_id}` }

const shared = /^(?:APIGW?|IAM)\.|^BALANCER_|^[a-z]+(?:[A-Z][A-Za-z]*)?$/
const codeless = new Set(['JOB_FAILED', 'RESOURCES_FAILED', 'BACKUP_FAILED', 'RESTORE_FAILED'])

/** Codes that only this service has, and those that only a success can contain, separately. */
const isOwn = ({ code }: Fault) => !shared.test(code) && !codeless.has(code)

/** True for a code of policies, which have no jobs. */
const isOfJob = (code: string) => code === 'JOB_FAILED' || (code.startsWith('VolumeBackup.') && !isRefusal(code))

/** True for an auth code: it is about the caller and not about a job. */
const isRefusal = (code: string) => catalogue.find({ code, status: 200 })?.kind === 'auth'

/** A status that no document has for a code, so that none of several rows is chosen. */
const statusOf = ({ status = 409 }: Fault) => status

/** A success with work that was begun and has failed. Codes that belong to a success itself are left out. */
function begun(
  { code, status = 200, message = '', inTask = false, details = [] }: Fault,
  tells: (code: string) => boolean,
  write: (failure: { readonly error_code?: string; readonly fail_reason: string }) => unknown,
  request: NonNullable<OpenStackReply['request']>,
): OpenStackReply | undefined {
  // A code whose meaning depends on another status cannot be expressed with this one.
  if (!inTask || status !== 200 || details.length > 0 || !tells(code)) return undefined
  const failure = { ...(!codeless.has(code) && { error_code: code }), fail_reason: message }
  return { status: 200, headers: json, body: JSON.stringify(write(failure)), request }
}
