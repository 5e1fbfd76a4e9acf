import type { CallFailure } from '../../call/call-result.ts'
import type { Engine } from '../../call/engine.ts'
import { toError } from '../../call/shown/to-error.ts'
import type { ErrorOptions, Override } from '../../contract/policy.ts'
import type { Reply } from '../../contract/vendor.ts'
import type { Verdict } from '../../contract/verdict.ts'
import type { WorkRequest } from '../../contract/work/vendor-work.ts'
import { type RefusedError, refusedError } from '../../error/refused-error.ts'
import { isVendorError } from '../../error/vendor-error.ts'
import { runCall } from '../../loop/fetch.ts'
import { readText } from '../../read-text.ts'
import { ReplayableRequest } from '../../request/replayable-request.ts'

/** Most bytes of an answer that are read. */
const MOST_BYTES = 67_108_864

/**
 * The answer to a request of the engine's own.
 *
 * - `broken`: no answer that can be read.
 */
export type Answer =
  | { readonly type: 'reply'; readonly reply: Reply }
  | {
      readonly type: 'fault'
      readonly verdict: Verdict
      /** True if neither time nor another request will change it. */
      readonly isFinal: boolean
      readonly retryAfter: number
      error(): Error
    }
  | { readonly type: 'refused'; readonly error: RefusedError }
  | { readonly type: 'broken'; readonly thrown: unknown }

/** A request of the engine's own about work, with its full URL. */
export interface OwnRequest {
  readonly url: string
  readonly init?: RequestInit
}

/** Makes the engine's own request of a vendor's. @throws {TypeError} for a path that names another host. */
export function ownRequest(origin: string, { path, ...init }: WorkRequest): OwnRequest {
  if (!path.startsWith('/')) throw new TypeError(`A path must begin with a slash: ${JSON.stringify(path)}.`)
  return { url: origin + path, init }
}

/** The engine for polls: each is sent once, after the requests of users, and spends no retry token. */
export const pollingEngine = (engine: Engine): Engine => ({
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
    errors: meaningsOf(engine.policy.errors),
  },
})

/** The overrides, reduced to what errors mean: without what is done about them. */
function meaningsOf(errors: ErrorOptions | undefined): ErrorOptions | undefined {
  if (errors === undefined) return undefined
  const meanings = Object.entries(errors as Readonly<Record<string, Override | undefined>>).map(([code, override]) => {
    const { retry: _, acceptAchieved: __, onConflict: ___, ...meaning } = override ?? {}
    return [code, meaning]
  })
  return Object.fromEntries(meanings)
}

/**
 * Sends a request and reads the whole answer. Never rejects.
 *
 * @param engine made by {@link pollingEngine}, or another one for a request that changes something.
 */
export async function sendOwn(engine: Engine, { url, init }: OwnRequest, signal?: AbortSignal): Promise<Answer> {
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

/** True if a reply to the request or to its login named a host that is not trusted, which will not change. */
const isUntrusted = ({ reason, cause }: CallFailure): boolean =>
  reason === 'untrusted-host' ||
  (reason === 'login-failed' && isVendorError(cause) && cause.reason === 'untrusted-host')

/** The error for the callers that wait, after an answer that ends their wait. */
export function thrownFor(answer: Answer): unknown {
  if (answer.type === 'fault') return answer.error()
  return answer.type === 'broken' ? answer.thrown : new TypeError('The answer cannot be read.')
}
