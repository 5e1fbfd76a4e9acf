import {
  type Fault,
  type JsonObject,
  objectOf,
  objectsIn,
  parseObject,
  type Reply,
  textOf,
} from '@holdfast/core/plugin'
import { codeOf, sentenceOf } from '@holdfast/openstack'
import { backupOf, isBusy } from './busy.ts'
import { catalogue } from './catalogue.ts'
import type { SuccessKind } from './requests.ts'

/** Jobs have sub-jobs, and those may have some; not without end. */
const deepestLevel = 32

/** Reads a success that may tell of a failure. By then work has begun. */
export function failureIn200(kind: SuccessKind, { status, text }: Pick<Reply, 'status' | 'text'>): Fault | undefined {
  const body = parseObject(text)
  if (body === undefined) return undefined
  const fault = kind === 'job' ? readJob(body) : kind === 'binding' ? readBinding(body) : readBackup(body)
  return fault && { ...fault, status, inTask: true }
}

const isRefusal = (code: string): boolean => catalogue.find({ code, status: 200 })?.kind === 'auth'

interface Cause {
  readonly level: number
  readonly code: string | undefined
  readonly message: string | undefined
}

/** `{status: 'FAIL', error_code, fail_reason, sub_jobs}`: the deepest sub-job that names a code is where it went wrong. */
function readJob(job: JsonObject): Fault | undefined {
  if (job.status !== 'FAIL') return undefined
  const { code = 'JOB_FAILED', message } = causeOf(job, 0)
  const volume = textOf(objectOf(job.entities)?.volume_id)
  const shared = {
    ...(message !== undefined && { message }),
    // A job that has failed stays so: whoever looks again sees the same.
    settled: true,
  }
  // What a job was refused for says nothing of the token that now asks about it.
  if (isRefusal(code)) {
    return { ...shared, code: 'JOB_FAILED', details: [code], message: [code, message].filter(Boolean).join(': ') }
  }
  return { code, ...shared, ...(isBusy(code) && volume !== undefined && { params: [backupOf(volume)] }) }
}

function causeOf(job: JsonObject, level: number): Cause {
  let cause: Cause = {
    level,
    code: codeOf(job.error_code) ?? codeOf(job.code),
    message: textOf(job.fail_reason) ?? textOf(job.message),
  }
  if (level >= deepestLevel) return cause
  for (const sub of objectsIn(job.sub_jobs)) {
    if (sub.status !== 'FAIL' && sub.status != null) continue
    const deeper = causeOf(sub, level + 1)
    if (deeper.code !== undefined && (cause.code === undefined || deeper.level > cause.level)) {
      cause = { ...deeper, message: deeper.message ?? cause.message }
    }
  }
  return cause
}

/** `{success_resources, fail_resources: [{resource_id, resource_type}]}`: with a code to an item, or without one. */
function readBinding({ fail_resources }: JsonObject): Fault | undefined {
  const failed = objectsIn(fail_resources)
  if (failed.length === 0) return undefined
  const itemCode = failed.flatMap((item) => codeOf(item.code) ?? [])[0]
  // What a disk was refused for says nothing of the token that binds it.
  const isAuth = itemCode !== undefined && isRefusal(itemCode)
  const code = itemCode === undefined || isAuth ? 'RESOURCES_FAILED' : itemCode
  const ids = failed.flatMap(({ resource_id }) => textOf(resource_id) ?? [])
  const params = isBusy(code) ? [] : ids
  return {
    code,
    ...(isAuth && { details: [itemCode] }),
    message: sentenceOf(failed, failureIn),
    ...(params.length > 0 && { params }),
  }
}

function failureIn({ resource_id, resource_type, code, message }: JsonObject): string {
  const words = [codeOf(code), textOf(message)].filter((word) => word !== undefined)
  const name = `${textOf(resource_type) ?? 'resource'} ${textOf(resource_id) ?? 'without identifier'}`
  return words.length === 0 ? name : `${name}: ${words.join(' ')}`
}

/** `{backup: {status: 'error', fail_reason}}`: a backup of OpenStack's own kind has no job and no code. */
function readBackup({ backup }: JsonObject): Fault | undefined {
  const { status, fail_reason } = objectOf(backup) ?? {}
  if (status !== 'error' && status !== 'error_restoring') return undefined
  const message = textOf(fail_reason)
  return {
    code: status === 'error' ? 'BACKUP_FAILED' : 'RESTORE_FAILED',
    ...(message !== undefined && { message }),
    settled: true,
  }
}
