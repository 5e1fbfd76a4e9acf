import type { Options } from 'ky'
import type { CallOptions, OneCallOptions } from '../contract/policy.ts'
import { OptionsError } from '../error/options-error.ts'
import { ownCopy } from '../options/own-copy.ts'
import { checkCallNames } from './names.ts'

/** None to ky, and yet told apart from the `0` or `false` that a caller writes. */
export const NO_RETRY = -0
/** As {@link NO_RETRY}. */
export const NO_TIMEOUT = 2 ** 31 - 1

/** Values that `translate` leaves for `send`. */
export type Translated = RequestInit & {
  resilience?: OneCallOptions
  throwsReplies?: boolean | ((status: number) => boolean)
  /** True if hooks of the caller's are to see every reply. */
  hasReplyHooks?: boolean
}

/** ky's words for which there is no honest translation: here what an error means decides, not its status. */
const UNTRANSLATABLE = ['methods', 'statusCodes', 'afterStatusCodes', 'shouldRetry', 'retryOnTimeout', 'delay']

/** Options of ours that a call may have beside ky's: those whose names neither ky nor `fetch` knows. */
export const BESIDE = [
  'label',
  'bodyTimeout',
  'patience',
  'maxWait',
  'idempotent',
  'replayLimit',
  'acceptAchieved',
  'onConflict',
  'errors',
  'classify',
  'bodyNeed',
  'beforeAttempt',
  'idempotencyKey',
  'deadlineHeader',
  'nested',
  'hedge',
] as const satisfies readonly (keyof CallOptions)[]

/** Moves what ky would act on itself to where our engine reads it. */
export function translate(options: Options): void {
  const call = options as Options & Translated & Record<string, unknown>
  // Two of our layers over one another: the first has done it.
  if (call.throwsReplies !== undefined) return
  checkHooks(call.hooks)
  checkCallNames(call)
  const { retry, timeout, totalTimeout, throwHttpErrors } = call
  const translated: Record<string, unknown> = {
    ...(retry !== undefined && !Object.is(retry, NO_RETRY) && { retry: retryOf(retry) }),
    ...(timeout !== undefined && timeout !== NO_TIMEOUT && { timeout }),
    ...(totalTimeout !== undefined && totalTimeout !== NO_TIMEOUT && { totalTimeout }),
  }
  for (const name of BESIDE) {
    if (call[name] === undefined) continue
    translated[name] = call[name]
    delete call[name]
  }
  call.retry = 0
  call.timeout = false
  call.totalTimeout = false
  call.throwsReplies = throwHttpErrors ?? true
  call.hasReplyHooks = (call.hooks?.afterResponse?.length ?? 0) > 0
  const isTranslated = Object.keys(translated).length > 0
  const resilience = isTranslated ? ({ ...translated, ...call.resilience } as CallOptions) : call.resilience
  // ky calls `fetch` later.
  if (resilience !== undefined) call.resilience = ownCopy(resilience)
}

/** @throws {OptionsError} for hooks that would never be called. */
export function checkHooks(hooks: Options['hooks']): void {
  if (hooks?.beforeRetry === undefined || hooks.beforeRetry.length === 0) return
  throw new OptionsError(
    'hooks.beforeRetry',
    'is ky’s and would never be called: the retries are not ky’s. `beforeAttempt` adds headers to each attempt, `observers` are told of it.',
  )
}

/** ky's `retry` in our words. @throws {OptionsError} for what has no translation. */
export function retryOf(retry: unknown): unknown {
  if (typeof retry !== 'object' || retry === null) return retry
  const { backoffLimit, jitter, limit, ...rest } = retry as { backoffLimit?: number; jitter?: unknown; limit?: number }
  // ky comes back sooner than the server has asked for; nothing here does.
  if ('maxRetryAfter' in rest)
    throw new OptionsError('retry.maxRetryAfter', 'is ky’s and cuts short what a server asks for. Use `maxWait`.')
  for (const name of UNTRANSLATABLE) {
    if (name in rest)
      throw new OptionsError(
        `retry.${name}`,
        'is ky’s and has no meaning here: what an error means decides. Use `errors`.',
      )
  }
  return {
    ...rest,
    ...(limit !== undefined && !Object.is(limit, NO_RETRY) && { limit }),
    ...(jitter !== undefined && { jitter: jitter === true ? 'full' : jitter === false ? 'none' : jitter }),
    ...(typeof backoffLimit === 'number' && {
      backoff: { fast: { base: Math.min(500, backoffLimit), limit: backoffLimit } },
    }),
  }
}
