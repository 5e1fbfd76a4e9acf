import type { BeforeErrorHook, Options } from 'ky'
import { acceptedOf } from '../act/accepted.ts'
import { failureBehind, toError } from '../call/shown/to-error.ts'
import { OptionsError } from '../error/options-error.ts'
import { failureOf } from '../loop/find-failure.ts'
import type { ResilientFetch } from '../resilient.ts'
import type { Translated } from './translate.ts'

/**
 * Sends a request. The reply of a failure is returned if the caller or one of his hooks wants replies: ky throws it after the
 * hooks. A failure inside a 200 is thrown at once, because ky would take it for a success.
 */
export async function send(
  client: ResilientFetch,
  input: string | URL | Request,
  init?: Translated,
): Promise<Response> {
  const throws = init?.throwsReplies ?? true
  const hasHooks = init?.hasReplyHooks === true
  if (throws === true && !hasHooks) return client(input, init)
  const reply = await client.fetch(input, init)
  const failure = failureOf(reply)
  if (failure === undefined || throws === false || (hasHooks && !reply.ok)) return reply
  if (throws === true || throws(reply.status)) throw failure
  return reply
}

/** Unwraps the engine's error: ky's wrapper shows the request's headers and its whole URL. */
export const unwrapped: BeforeErrorHook = ({ error }) => {
  if (error.name === 'ForceRetryError') return forcedRetry(error)
  if (error.name === 'NetworkError' && error.cause instanceof Error) return error.cause
  const { response } = error as { readonly response?: Response }
  const failure = response && failureBehind(failureOf(response))
  // ky has read the body.
  return failure === undefined ? error : toError(failure, failure.buffered())
}

/** The error that replaces ky's own, which says only that a retry was forced. */
const forcedRetry = (cause: unknown): OptionsError =>
  Object.assign(
    new OptionsError(
      'hooks.afterResponse',
      'returned `ky.retry()`, which has no meaning here: the retries are not ky’s. `classify` says which replies are failures.',
    ),
    { cause },
  )

/** Reads JSON as ky does, but the reply of an accepted conflict, which may be empty, is no error. */
export const parseJson: NonNullable<Options['parseJson']> = (text, { response }) =>
  text === '' && acceptedOf(response) !== undefined ? undefined : JSON.parse(text)
