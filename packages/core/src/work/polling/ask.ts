import type { CallFailure } from '../../call/call-result.ts'
import type { Engine } from '../../call/engine.ts'
import { toError } from '../../call/shown/to-error.ts'
import type { ErrorOptions, Override } from '../../contract/policy.ts'
import type { Reply } from '../../contract/vendor.ts'
import type { Verdict } from '../../contract/verdict.ts'
import { type RefusedError, refusedError } from '../../error/refused-error.ts'
import { isVendorError } from '../../error/vendor-error.ts'
import { runCall } from '../../loop/fetch.ts'
import { readText } from '../../read-text.ts'
import { ReplayableRequest } from '../../request/replayable-request.ts'

/** Bytes of an answer that are read. */
const MOST_BYTES = 67_108_864

/**
 * The answer to a question of our own.
 *
 * - `broken`: none that can be read. The error is shown, where somebody has to be told of it.
 */
export type Answer =
  | { readonly type: 'reply'; readonly reply: Reply }
  | {
      readonly type: 'fault'
      readonly verdict: Verdict
      /** True where neither time nor another question changes it. */
      readonly isFinal: boolean
      readonly retryAfter: number
      error(): Error
    }
  | { readonly type: 'refused'; readonly error: RefusedError }
  | { readonly type: 'broken'; readonly thrown: unknown }

/** A request of our own, at a full address. */
export interface Question {
  readonly url: string
  readonly init?: RequestInit
}

/** The engine with which questions are asked: each is sent once, after those of users, and spends nothing of the retry budget. */
export const askingEngine = (engine: Engine): Engine => ({
  ...engine,
  eventMarks: { poll: true },
  policy: {
    ...engine.policy,
    label: undefined,
    limit: 0,
    hasOwnLimit: true,
    priority: 'low',
    hedge: undefined,
    idempotent: true,
    acceptAchieved: false,
    onConflict: undefined,
    errors: withoutDeeds(engine.policy.errors),
  },
})

/** The user's words on what errors mean, without those on what is then done. */
function withoutDeeds(errors: ErrorOptions | undefined): ErrorOptions | undefined {
  if (errors === undefined) return undefined
  const meanings = Object.entries(errors as Readonly<Record<string, Override | undefined>>).map(([code, override]) => {
    const { retry: _, acceptAchieved: __, onConflict: ___, ...meaning } = override ?? {}
    return [code, meaning]
  })
  return Object.fromEntries(meanings)
}

/**
 * Asks a question and reads the answer to its end. Never rejects.
 *
 * @param engine made by {@link askingEngine}, or another one for a request that does something.
 */
export async function ask(engine: Engine, { url, init }: Question, signal?: AbortSignal): Promise<Answer> {
  const given = { ...init, ...(signal && { signal }) }
  try {
    const result = await runCall(engine, url, given)
    if (result.type === 'refused') {
      const { reason, retryAfter, key, shownRequest } = result
      return { type: 'refused', error: refusedError(reason, retryAfter, key, shownRequest) }
    }
    if (result.type === 'raw') return { type: 'broken', thrown: result.thrown }
    if (result.type === 'failure') return faultOf(result.failure)
    const { response } = result
    const text = await readText(engine, response, { url, ...given }, { maxBytes: MOST_BYTES })
    const { facts } = new ReplayableRequest(url, init)
    return {
      type: 'reply',
      reply: { status: response.status, headers: response.headers, text, complete: true, request: facts },
    }
  } catch (thrown) {
    return { type: 'broken', thrown }
  }
}

const faultOf = (failure: CallFailure): Answer => ({
  type: 'fault',
  verdict: failure.verdict,
  isFinal: failure.verdict.kind !== 'retryable' || isUntrusted(failure),
  retryAfter: failure.retryAfter ?? 0,
  error: () => toError(failure, failure.buffered()),
})

/** True where a host was named that is not trusted, to the question or to its login: it will not be trusted later. */
const isUntrusted = ({ reason, cause }: CallFailure): boolean =>
  reason === 'untrusted-host' ||
  (reason === 'login-failed' && isVendorError(cause) && cause.reason === 'untrusted-host')
