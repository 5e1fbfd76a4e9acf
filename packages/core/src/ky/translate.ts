import type { Options } from 'ky'
import type { CallOptions, OneCallOptions } from '../contract/policy.ts'
import { OptionsError } from '../error/options-error.ts'
import { ownCopy } from '../options/own-copy.ts'
import { checkCallNames } from './names.ts'

/** No retries for ky, and yet different from the `0` or `false` that a caller writes. */
export const NO_RETRY = -0
/** As {@link NO_RETRY}. */
export const NO_TIMEOUT = 2 ** 31 - 1

/** Values that `translate` leaves for `send`. */
export type Translated = RequestInit & {
  resilience?: OneCallOptions
  throwsReplies?: boolean | ((status: number) => boolean)
  /** True if the caller has hooks that see every reply. */
  hasReplyHooks?: boolean
}

/** Options of ky without an equivalent: here the meaning of an error decides, not its status. */
const UNTRANSLATABLE = ['methods', 'statusCodes', 'afterStatusCodes', 'shouldRetry', 'retryOnTimeout', 'delay']

/** Options of this library for a call whose names neither ky nor `fetch` has. */
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

/** Moves options that ky would act on itself to where the engine reads them. */
export function translate(options: Options): void {
  const call = options as Options & Translated & Record<string, unknown>
  // Of two clients on top of each other, the first has done it.
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

/** The `retry` option for ky's. @throws {OptionsError} for an option without an equivalent. */
export function retryOf(retry: unknown): unknown {
  if (typeof retry !== 'object' || retry === null) return retry
  const { backoffLimit, jitter, limit, ...rest } = retry as { backoffLimit?: number; jitter?: unknown; limit?: number }
  // With it, ky retries sooner than the server has asked for, which this library never does.
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
