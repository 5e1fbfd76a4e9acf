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
import { isBusy, planIn } from './busy.ts'
import { catalogue } from './catalogue.ts'
import type { SuccessKind } from './requests.ts'

/** Reads a success that may contain a failure. */
export function failureIn200(kind: SuccessKind, { status, text }: Pick<Reply, 'status' | 'text'>): Fault | undefined {
  const body = parseObject(text)
  if (body === undefined) return undefined
  const fault = kind === 'check' ? readCheck(body) : kind === 'creation' ? readCreation(body) : readBackup(body)
  return fault && { ...fault, status }
}

/** `{protectable: [{resource_id, result: false, error_code, error_msg}]}`: the first that is refused gives its code. */
function readCheck({ protectable, restorable }: JsonObject): Fault | undefined {
  const isProtectable = objectsIn(protectable).length > 0
  const refused = objectsIn(isProtectable ? protectable : restorable).filter(({ result }) => result === false)
  const [first] = refused
  if (first === undefined) return undefined
  const itemCode = codeOf(first.error_code)
  // The refusal of a server says nothing about the token of this request.
  const isAuth = itemCode !== undefined && catalogue.find({ code: itemCode, status: 200 })?.kind === 'auth'
  const code = itemCode === undefined || isAuth ? (isProtectable ? 'NOT_PROTECTABLE' : 'NOT_RESTORABLE') : itemCode
  const ids = refused.flatMap(({ resource_id }) => textOf(resource_id) ?? [])
  const servers = refused.flatMap((item) => (codeOf(item.error_code) === code ? (serverOf(item) ?? []) : []))
  const plan = planIn(parseObject(textOf(first.error_msg)))
  const params = isBusy(code) ? [servers.join(', ')] : (plan ?? (code === 'CSBS.6004' ? [] : ids))
  // A check begins no work, so the request counts as refused.
  return {
    code,
    ...(isAuth && { details: [itemCode] }),
    message: sentenceOf(refused, refusalIn),
    ...(params.length > 0 && { params }),
  }
}

const serverOf = ({ resource_id }: JsonObject): string | undefined => {
  const id = textOf(resource_id)
  return id === undefined ? undefined : `server ${id}`
}

function refusalIn(item: JsonObject): string {
  const sentence = textOf(item.error_msg)
  const words = [codeOf(item.error_code), textOf(parseObject(sentence)?.msg) ?? sentence].filter(
    (word) => word !== undefined,
  )
  return `${serverOf(item) ?? 'a server'}: ${words.length === 0 ? 'no' : words.join(' ')}`
}

/** `{checkpoint: {status: 'error'}}`, `{restore: {status: 'fail', resources_reason}}`: it was begun, and failed at once. */
function readCreation({ checkpoint, restore }: JsonObject): Fault | undefined {
  const { status, id } = objectOf(checkpoint) ?? objectOf(restore) ?? {}
  if (status !== 'error' && status !== 'fail') return undefined
  const reasons = Object.values(objectOf(objectOf(restore)?.resources_reason) ?? {}).flatMap((one) => textOf(one) ?? [])
  const message = [`record ${textOf(id) ?? 'without identifier'}`, ...reasons].join(': ')
  return { code: checkpoint === undefined ? 'RESTORE_FAILED' : 'BACKUP_FAILED', message, inTask: true }
}

const failures: ReadonlyMap<unknown, string> = new Map([
  ['backup', 'BACKUP_FAILED'],
  ['restore', 'RESTORE_FAILED'],
  ['delete', 'DELETE_FAILED'],
])

const readBackup = ({ checkpoint_item }: JsonObject): Fault | undefined =>
  objectOf(checkpoint_item)?.status === 'error' ? lastFailureOf(checkpoint_item) : undefined

/** The last failure of work on a backup: `{extend_info: {fail_op, fail_reason, fail_code: {Code, Description}}}`. */
export function lastFailureOf(item: unknown): Fault {
  const { fail_op, fail_reason, fail_code } = objectOf(objectOf(item)?.extend_info) ?? {}
  const { Code, Description } = objectOf(fail_code) ?? {}
  const number = codeOf(Code)
  // The document says number, clients use strings: only what is spelt like a code of this service counts as one.
  const isCode = number !== undefined && /^CSBS\.\d+$/.test(number)
  const reasons = [...new Set([textOf(Description), textOf(fail_reason)])].filter((reason) => reason !== undefined)
  return {
    code: isCode ? number : (failures.get(fail_op) ?? 'BACKUP_FAILED'),
    ...(number !== undefined && !isCode && { details: [number] }),
    ...(reasons.length > 0 && { message: reasons.join(': ') }),
    inTask: true,
    // Reading it again would show the same.
    settled: true,
  }
}
