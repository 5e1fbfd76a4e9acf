import type { BeforeErrorHook, Options } from 'ky'
import { acceptedOf } from '../act/accept-conflict.ts'
import { failureBehind, toError } from '../call/shown/to-error.ts'
import { OptionsError } from '../error/options-error.ts'
import { failureOf } from '../loop/find-failure.ts'
import type { ResilientFetch } from '../resilient.ts'
import { showableUrl } from '../secrets/credentials.ts'
import { secretsOfHeaders } from '../secrets/credentials-in-headers.ts'
import { Redactor } from '../secrets/redact.ts'
import { secretsOfAddress } from '../secrets/secrets-in-text.ts'
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
  return failure === undefined ? withHiddenRequest(error) : toError(failure, failure.buffered())
}

/** Members of ky's errors that show headers, and what the server wrote. */
const TELLING = ['request', 'options', 'response', 'data'] as const

/**
 * ky's own error for a reply that is no failure, such as a redirect that was asked for. Its members become getters that printers
 * leave alone, and its message has the URL as ours have it.
 */
function withHiddenRequest(error: Error): Error {
  const { request } = error as { readonly request?: Request }
  if (request === undefined) return error
  const redactor = new Redactor([...secretsOfAddress(request.url), ...secretsOfHeaders(request.headers)])
  const shown = (text = '') => redactor.lines(text.replaceAll(request.url, showableUrl(request.url)))
  for (const name of ['message', 'stack'] as const)
    Object.defineProperty(error, name, { value: shown(error[name]), configurable: true, writable: true })
  for (const name of TELLING) {
    const value = (error as { readonly [Name in typeof name]?: unknown })[name]
    if (value !== undefined)
      Object.defineProperty(error, name, { get: () => value, enumerable: false, configurable: true })
  }
  return error
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
