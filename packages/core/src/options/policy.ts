import type {
  CallOptions,
  Curves,
  ErrorOptions,
  Jitter,
  OnConflict,
  Override,
  Priority,
  RetryOptions,
} from '../contract/policy.ts'
import type { BeforeAttempt, DeadlineHeaderOptions, HedgeOptions, IdempotencyKeyOptions } from '../contract/request.ts'
import type { Pace } from '../contract/row.ts'
import type { ReadReply, ReplyVerdict } from '../contract/verdict.ts'
import { retryOf } from './call-options.ts'
import { checkedClassify } from './classify.ts'
import { withDefaultOptions } from './filled.ts'
import { deadlineOptions, hedgeOptions, keyOptions } from './own-headers.ts'

/** A call's limits with every default filled in. */
export interface Policy {
  readonly label: string | undefined
  readonly limit: number
  /** True if the user has set the limit, so that it holds for a busy object, too. */
  readonly hasOwnLimit: boolean
  readonly pace: Pace | undefined
  /** `undefined` if the user has not set it. */
  readonly jitter: Jitter | undefined
  readonly curves: Curves
  /** `undefined` if the user has not set it, so that the vendor's counts. */
  readonly timeout: number | false | undefined
  readonly totalTimeout: number | false | undefined
  readonly bodyTimeout: number | false
  /** Milliseconds that a call may wait for its turn. */
  readonly patience: number | false
  /** Longest known wait in milliseconds. */
  readonly maxWait: number | false
  readonly priority: Priority
  readonly idempotent: boolean | undefined
  readonly replayLimit: number
  readonly acceptAchieved: boolean
  readonly onConflict: OnConflict | undefined
  readonly errors: ErrorOptions | undefined
  readonly classify: ((reply: ReadReply) => ReplyVerdict | undefined) | undefined
  readonly bodyNeed: 'none' | 'whole' | number | undefined
  readonly beforeAttempt: BeforeAttempt | undefined
  readonly idempotencyKey: IdempotencyKeyOptions | undefined
  readonly deadlineHeader: DeadlineHeaderOptions | undefined
  readonly nested: boolean | 'auto' | undefined
  readonly hedge: HedgeOptions | undefined
}

/** Default milliseconds for one attempt. */
export const TIMEOUT = 30_000
/** Default milliseconds for a whole call. */
export const TOTAL_TIMEOUT = 300_000

/** The options that say something about particular requests, unset. */
const UNSET = Object.freeze({
  idempotent: undefined,
  onConflict: undefined,
  errors: undefined,
  classify: undefined,
  bodyNeed: undefined,
  beforeAttempt: undefined,
  idempotencyKey: undefined,
  deadlineHeader: undefined,
  nested: undefined,
  hedge: undefined,
})

const DEFAULTS: Policy = Object.freeze({
  label: undefined,
  limit: 4,
  hasOwnLimit: false,
  pace: undefined,
  jitter: undefined,
  curves: {
    fast: { base: 500, limit: 20_000 },
    slow: { base: 15_000, limit: 120_000 },
    busy: { base: 2_000, limit: 30_000 },
  },
  timeout: undefined,
  totalTimeout: undefined,
  bodyTimeout: false,
  patience: false,
  maxWait: false,
  priority: 'normal',
  ...UNSET,
  replayLimit: 1_048_576,
  acceptAchieved: false,
})

/** A policy with options laid over it. */
export function overlay(options: CallOptions, under: Policy = DEFAULTS): Policy {
  const { retry, errors } = options
  return {
    ...withRetry(under, retry),
    label: options.label ?? under.label,
    timeout: options.timeout ?? under.timeout,
    totalTimeout: options.totalTimeout ?? under.totalTimeout,
    bodyTimeout: options.bodyTimeout ?? under.bodyTimeout,
    patience: options.patience ?? under.patience,
    maxWait: options.maxWait ?? under.maxWait,
    priority: options.priority ?? under.priority,
    idempotent: options.idempotent ?? under.idempotent,
    replayLimit: options.replayLimit ?? under.replayLimit,
    acceptAchieved: options.acceptAchieved ?? under.acceptAchieved,
    onConflict: options.onConflict ?? under.onConflict,
    errors: errors === undefined ? under.errors : mergeErrors(under.errors, errors),
    classify: options.classify === undefined ? under.classify : checkedClassify(options.classify),
    bodyNeed: options.bodyNeed ?? under.bodyNeed,
    beforeAttempt: options.beforeAttempt ?? under.beforeAttempt,
    idempotencyKey: keyOptions(options.idempotencyKey, under.idempotencyKey),
    deadlineHeader: deadlineOptions(options.deadlineHeader) ?? under.deadlineHeader,
    nested: options.nested ?? under.nested,
    hedge: hedgeOptions(options.hedge, under.hedge),
  }
}

/** A policy for the engine's own logins and logouts, without the user's options for requests. */
export const forInternal = (policy: Policy): Policy => ({
  ...policy,
  // Logins have their own pace, and a logout is tried once.
  limit: 0,
  hasOwnLimit: true,
  totalTimeout: false,
  // Each call that waits for it has its own limit.
  maxWait: false,
  // Calls wait for it.
  priority: 'high',
  ...UNSET,
  acceptAchieved: false,
})

/** A policy with the changes of an override. */
export function forError(policy: Policy, override: Override | undefined): Policy {
  if (override === undefined) return policy
  const { retry, acceptAchieved, onConflict } = override
  return {
    ...withRetry(policy, retry),
    acceptAchieved: acceptAchieved ?? policy.acceptAchieved,
    onConflict: onConflict ?? policy.onConflict,
  }
}

function withRetry(under: Policy, retry: RetryOptions | number | false | undefined): Policy {
  if (retry === undefined) return under
  const { limit, pace, jitter, backoff } = retryOf(retry)
  return {
    ...under,
    limit: limit ?? under.limit,
    hasOwnLimit: limit !== undefined || under.hasOwnLimit,
    pace: pace ?? under.pace,
    jitter: jitter ?? under.jitter,
    curves: withDefaultOptions(under.curves, backoff),
  }
}

function mergeErrors(under: ErrorOptions | undefined, over: ErrorOptions): ErrorOptions {
  const merged: Record<string, Override | undefined> = { ...under }
  for (const [code, override] of Object.entries(over as Record<string, Override | undefined>)) {
    merged[code] = { ...merged[code], ...override } as Override
  }
  return merged
}
