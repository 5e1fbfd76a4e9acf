import type { ErrorOptions } from '../contract/policy.ts'
import type { RateLimitRules } from '../contract/rate-limit/rules.ts'
import { keyIn, type RequestFacts } from '../contract/request.ts'
import type { OutcomeOfError } from '../contract/row.ts'
import type { Vendor } from '../contract/vendor.ts'
import type { KeyState } from './idempotency.ts'
import type { CallerContext } from './of-caller.ts'

/** The inputs of classification beside the outcome of the attempt. */
export interface ClassifyContext extends CallerContext {
  readonly request: RequestFacts
  /** Absent if the request is not for the vendor. */
  readonly vendor: Vendor | undefined
  readonly errors: ErrorOptions | undefined
  /** The user's option for what is read of a success. */
  readonly bodyNeed: 'none' | 'whole' | number | undefined
  /** The rules of the API's rate limits. */
  readonly rateLimit: RateLimitRules | false | undefined
  /** Asked about a failure: a key of idempotency went with it, and whether an earlier attempt with it may still be under way. */
  idempotencyKey(): KeyState
}

/** The parts of a call that its replies are classified by. */
interface ClassifiedCall {
  readonly engine: { readonly rateLimit: RateLimitRules | false | undefined }
  readonly policy: Pick<ClassifyContext, 'errors' | 'classify' | 'bodyNeed'>
  readonly destination: { readonly target: RequestFacts; readonly vendor: Vendor | undefined }
  readonly request: { readonly headers: HeadersInit | undefined }
  readonly idempotencyKey: object | undefined
  readonly history: { readonly attempts: readonly { readonly outcome: OutcomeOfError }[] }
}

/** The context in which the replies to a call are classified. */
export function contextOf(call: ClassifiedCall): ClassifyContext {
  const { errors, classify, bodyNeed } = call.policy
  const { target: request, vendor } = call.destination
  const { rateLimit } = call.engine
  return {
    request,
    vendor,
    errors,
    classify,
    bodyNeed,
    rateLimit,
    idempotencyKey: () => keyOf(call),
  }
}

function keyOf({ idempotencyKey, request, history }: ClassifiedCall): KeyState {
  if (idempotencyKey === undefined && keyIn(request.headers) === undefined) return 'none'
  return history.attempts.some(({ outcome }) => outcome === 'unknown') ? 'pending' : 'sent'
}
