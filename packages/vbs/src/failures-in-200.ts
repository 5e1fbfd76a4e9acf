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

/** Deepest nesting of sub-jobs that is read. */
const deepestLevel = 32

/** Reads a success that may contain a failure. Work has begun by then. */
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

/** `{status: 'FAIL', error_code, fail_reason, sub_jobs}`: the deepest sub-job with a code has the cause. */
function readJob(job: JsonObject): Fault | undefined {
  if (job.status !== 'FAIL') return undefined
  const { code = 'JOB_FAILED', message } = causeOf(job, 0)
  const volume = textOf(objectOf(job.entities)?.volume_id)
  const shared = {
    ...(message !== undefined && { message }),
    // A failed job stays failed: reading it again would show the same.
    settled: true,
  }
  // The refusal of a job says nothing about the token of this request.
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

/** `{success_resources, fail_resources: [{resource_id, resource_type}]}`: with a code for each item, or without. */
function readBinding({ fail_resources }: JsonObject): Fault | undefined {
  const failed = objectsIn(fail_resources)
  if (failed.length === 0) return undefined
  const itemCode = failed.flatMap((item) => codeOf(item.code) ?? [])[0]
  // The refusal of a disk says nothing about the token of this request.
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
