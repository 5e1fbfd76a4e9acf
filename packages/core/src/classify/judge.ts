import type { Fault } from '../contract/fault.ts'
import type { ErrorOptions } from '../contract/policy.ts'
import type { RateLimitRules } from '../contract/rate-limit/rules.ts'
import type { ErrorRow, WaitHint } from '../contract/row.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { Verdict, VerdictSource } from '../contract/verdict.ts'
import { http } from '../http/http.ts'
import { overrideOf } from './override.ts'
import { isUsedUp, quotaOf } from './rate-limit/quota.ts'
import { shouldRetry } from './rate-limit/throttle.ts'
import { delay, retryAfter, serverTime } from './retry-after.ts'

/** The inputs of a verdict. */
export interface JudgeInput {
  readonly fault: Fault
  readonly vendor: { readonly name: string; readonly catalogue: Pick<Vendor['catalogue'], 'find'> }
  readonly source: Exclude<VerdictSource, 'unlisted'>
  /** Headers of the reply; absent if none came. */
  readonly headers?: Headers | undefined
  readonly errors: ErrorOptions | undefined
  /** The rules of the API's rate limits. */
  readonly rateLimit?: RateLimitRules | false | undefined
  /** Milliseconds to wait if nothing else says how long. */
  readonly usualWait?: number | undefined
}

/** Makes the verdict on a fault: from its row, changed by what the server says, then by the user's overrides. */
export function judge(input: JudgeInput): Verdict {
  const { fault, vendor, source, errors } = input
  const known = vendor.catalogue.find(fault)
  const row = known ?? rowOfStatus(fault, vendor)
  const override = overrideOf({ fault, row, vendor: vendor.name }, errors)
  const listed = known === undefined ? 'unlisted' : source
  const stated = statedBy(input, row, transientOf(input, row))
  const kind = override?.kind ?? stated.kind
  const outcome = override?.outcome ?? stated.outcome
  const trips = override?.trips ?? (row?.trips === true && !fault.settled)
  const wait = waitOf(input, row) ?? waitForQuota(input, kind)
  const throttles = row?.pauses ?? (fault.status === 429 || row?.code === 'HTTP_503')
  return {
    vendor: vendor.name,
    fault,
    row,
    source: listed,
    overridden: override !== undefined,
    kind,
    outcome,
    pace: row?.kind === 'retryable' ? row.pace : 'fast',
    busy: kind === 'retryable' && outcome === 'rejected' && row?.kind === 'retryable' && row.busy === true,
    reauth: row?.kind === 'auth' && kind === 'auth' && row.reauth,
    achieved: row?.kind === 'conflict' && kind === 'conflict' && (row.achieved === true || fault.achieved === true),
    trips,
    costsRetryToken: trips || fault.status === 429 || source === 'transport',
    pauses: kind === 'retryable' && (trips || throttles),
    wait,
    reroute:
      kind === 'retryable' && row?.kind === 'retryable' && row.reroute
        ? (text(param(fault, row, row.reroute.param)) ?? '')
        : undefined,
  }
}

/** The verdict on a fault without a reply. */
export const judgeUnreplied = (fault: Fault, { errors }: Pick<JudgeInput, 'errors'>): Verdict =>
  judge({ fault, vendor: http, source: 'transport', errors })

/** Reads from the fault or a header if it is transient. A header overrules neither the user nor a row for a login. */
function transientOf(
  { fault, source, headers, rateLimit }: JudgeInput,
  row: ErrorRow | undefined,
): boolean | undefined {
  if (fault.transient !== undefined || headers === undefined) return fault.transient
  return row?.kind === 'auth' || source === 'classify' ? undefined : shouldRetry(headers, rateLimit)
}

function statedBy(
  { fault, source }: JudgeInput,
  row: ErrorRow | undefined,
  transient: boolean | undefined,
): Pick<Verdict, 'kind' | 'outcome'> {
  // With a gateway's status, the code of a refusal may not be the service's last answer to this request.
  const gateway = source !== 'status' && (fault.status === 502 || fault.status === 504) && row?.status !== fault.status
  const outcome = fault.inTask || gateway ? 'unknown' : (row?.outcome ?? 'unknown')
  if (transient === true) return { kind: 'retryable', outcome: row?.kind === 'retryable' ? outcome : 'unknown' }
  if (transient === false && row?.kind === 'retryable') return { kind: 'fatal', outcome }
  return { kind: row?.kind ?? 'fatal', outcome }
}

function waitOf({ fault, headers }: JudgeInput, row: ErrorRow | undefined): number | undefined {
  const hint = row?.kind === 'retryable' ? row.wait : undefined
  const hints = [hint && hinted(fault, row, hint, headers), fault.retryAfter, headers && retryAfter(headers)].filter(
    (ms): ms is number => typeof ms === 'number' && ms >= 0 && ms <= Number.MAX_SAFE_INTEGER,
  )
  return hints.length === 0 ? undefined : Math.max(...hints)
}

/** The wait until a quota resets. `Retry-After` takes precedence, as the draft of the `RateLimit` field demands. */
function waitForQuota(input: JudgeInput, kind: Verdict['kind']): number | undefined {
  const { fault, headers, rateLimit, usualWait } = input
  if (kind !== 'retryable' || headers === undefined) return undefined
  const quota = quotaOf({ status: fault.status ?? 0, headers }, rateLimit)
  const isOver = isUsedUp(quota) || quota?.remaining === undefined
  return (isOver ? quota?.resetAfter : undefined) ?? usualWait
}

function hinted(
  fault: Fault,
  row: ErrorRow | undefined,
  hint: WaitHint,
  headers: Headers | undefined,
): number | undefined {
  const raw = 'param' in hint ? param(fault, row, hint.param) : headers?.get(hint.header)
  if (typeof raw !== 'string' && typeof raw !== 'number') return undefined
  return delay(String(raw), hint.unit, serverTime(headers))
}

/** A parameter, by the name that its row gives it. */
export function param(fault: Fault, row: ErrorRow | undefined, name: string): unknown {
  return fault.params?.[row?.params?.indexOf(name) ?? -1]
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

// With these statuses, the status decides what to do, and an unlisted code is only the reason.
const SPEAK_FOR_THEMSELVES = new Set([401, 429, 502, 503, 504])

// RFC 9110, section 15.5.10: the state of the resource is the reason. Which step met it, an unlisted code does not say:
// Neutron answers 409 by the class of an exception, and raises some of that class after it has begun.
const conflict = http.catalogue.find({ code: 'HTTP_409' })
const UNLISTED_CONFLICT: ErrorRow | undefined = conflict && { ...conflict, outcome: 'unknown' }

/** The row of the status, for a fault without a row. RFC 9110, section 15: an unknown status is the x00 of its class. */
function rowOfStatus({ status, inTask, settled }: Fault, { name }: Pick<Vendor, 'name'>): ErrorRow | undefined {
  if (status === undefined || inTask || settled) return undefined
  if (name === http.name) {
    const byClass = status >= 500 ? 'HTTP_500' : status >= 400 ? 'HTTP_400' : ''
    return http.catalogue.find({ code: byClass })
  }
  if (status === 409) return UNLISTED_CONFLICT
  return SPEAK_FOR_THEMSELVES.has(status) ? http.catalogue.find({ code: `HTTP_${status}` }) : undefined
}

/** A fault that was not read from a reply by its vendor's parser. */
interface FaultInput extends Omit<JudgeInput, 'vendor' | 'source'> {
  /** Absent for plain HTTP. */
  readonly vendor: Vendor | undefined
}

/** Judges a fault by the vendor's rows, or by the built-in vendor's if only they have its code. */
export function judgeFault({ fault, vendor, ...input }: FaultInput): Verdict {
  const bare: ErrorRow | undefined = http.catalogue.find(fault)
  const isVendors = vendor !== undefined && (bare === undefined || vendor.catalogue.find(fault) !== undefined)
  if (isVendors) return judge({ ...input, fault, vendor, source: 'vendor' })
  const status = bare?.status
  if (status === undefined) return judge({ ...input, fault, vendor: http, source: 'transport' })
  return judge({ ...input, fault: { ...fault, status }, vendor: http, source: 'status' })
}
