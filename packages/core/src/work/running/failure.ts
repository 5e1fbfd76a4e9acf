import type { Engine } from '../../call/engine.ts'
import { failureBehind } from '../../call/shown/to-error.ts'
import { overrideOf } from '../../classify/override.ts'
import type { Fault } from '../../contract/fault.ts'
import type { VendorWork } from '../../contract/work/vendor-work.ts'
import type { VendorError } from '../../error/vendor-error.ts'
import { givenRequest } from '../../given-request.ts'
import { forError, overlay } from '../../options/policy.ts'
import { failureFor } from '../../reported-failure.ts'
import type { SentRequest } from '../../sent-request.ts'
import type { SavedWork } from './work-state.ts'

/** The parts of work that its errors need. */
export interface WorkOrigin {
  readonly engine: Engine
  readonly knowledge: VendorWork
  readonly saved: SavedWork
  /** The request that began it, with its body and its secrets; absent if another process had begun it. */
  readonly sent: SentRequest | undefined
  /** Monotonic milliseconds of its start; absent if another process had begun it. */
  readonly begunAt?: number
}

/** The code for work that failed without a readable fault. */
const UNKNOWN = 'WORK_LOST'

/** The error of work that has failed. Its outcome is unknown, because it was under way. */
export const failedError = (
  origin: WorkOrigin,
  fault: Fault = { code: UNKNOWN, message: 'It failed, and the server did not say why.' },
): Promise<VendorError> => errorOf(origin, { ...fault, inTask: true, settled: true })

/** The error of lost work. */
export const lostError = (origin: WorkOrigin, fault: Fault | undefined, cause?: unknown): Promise<VendorError> => {
  const { knowledge, saved } = origin
  const message =
    fault?.message ??
    (cause === undefined
      ? 'the server does not know it any more'
      : fault === undefined
        ? textOf(cause)
        : 'asking after it was refused')
  const verifyWith = knowledge.verifyWith?.(saved.work)
  return errorOf(origin, { ...(fault ?? { code: UNKNOWN }), message }, { cause, verifyWith, lostWork: saved.work.id })
}

interface Details {
  readonly cause?: unknown
  readonly verifyWith?: string | undefined
  readonly lostWork?: string
}

function errorOf(
  origin: WorkOrigin,
  fault: Fault,
  { cause, verifyWith, lostWork }: Details = {},
): Promise<VendorError> {
  const { engine, saved } = origin
  const { method, url, operation, label } = saved
  return failureFor(
    engine,
    fault,
    origin.sent ?? { method, url },
    { ...(lostWork !== undefined && { outcome: 'unknown' }), ...(cause !== undefined && { cause }) },
    {
      ...(origin.sent === undefined && { request: { method, url, operation, ...(label !== undefined && { label }) } }),
      ...(verifyWith !== undefined && { verifyWith }),
      // The row's hint is about the poll, and would have the caller look for a handle that no longer exists.
      ...(lostWork !== undefined && { lostWork, hint: 'Find out what came of it before it is begun again.' }),
    },
  )
}

/** True for a conflict whose wanted state holds already, if the user accepts that. */
export function isAccepted({ engine, sent }: WorkOrigin, error: VendorError): boolean {
  const verdict = failureBehind(error)?.verdict
  if (!error.achieved || verdict === undefined) return false
  const own = sent === undefined ? undefined : givenRequest(engine, sent).options
  const policy = own === undefined ? engine.policy : overlay(own, engine.policy)
  return forError(policy, overrideOf(verdict, policy.errors)).acceptAchieved
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
