import ky, { type BeforeErrorHook, type KyInstance, type Options } from 'ky'
import type { Fetch } from './call/engine.ts'
import type { CallOptions, ResilientOptions } from './contract/policy.ts'
import type { ErrorRow } from './contract/row.ts'
import { OptionsError } from './error/options-error.ts'
import { failureOf } from './loop/failure-of.ts'
import { optionNames } from './options/options.ts'
import { type ResilientFetch, resilient } from './resilient.ts'

declare module 'ky' {
  interface Options {
    /** This library's options for the call. */
    resilience?: CallOptions
  }
}

/** ky's options together with ours. `retry`, `timeout` and `totalTimeout` are ours; the rest is ky's own. */
export type ResilientKyOptions<Row extends ErrorRow = ErrorRow> = ResilientOptions<Row> &
  Omit<Options, 'retry' | 'timeout' | 'totalTimeout' | 'fetch'> & {
    /** The function that sends requests. @default the global `fetch` */
    readonly fetch?: Fetch
  }

/** ky's words for which there is no honest translation: here what an error means decides, not its status. */
const UNTRANSLATABLE = ['methods', 'statusCodes', 'afterStatusCodes', 'shouldRetry', 'retryOnTimeout', 'delay']

/** A ky instance, and the client under it: `api.client.close()` ends its sessions. */
export type ResilientKy<Row extends ErrorRow = ErrorRow> = KyInstance & { readonly client: ResilientFetch<Row> }

/**
 * A ky instance on a client of its own.
 *
 * @throws {OptionsError} naming the option that cannot be meant.
 */
export function resilientKy<Row extends ErrorRow = ErrorRow>(options: ResilientKyOptions<Row> = {}): ResilientKy<Row> {
  if (typeof options !== 'object' || options === null || Symbol.iterator in options)
    throw new OptionsError('', 'must be an object.')
  const ours: Record<string, unknown> = {}
  const kys: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (name === 'fetch') continue
    if (optionNames.includes(name)) ours[name] = name === 'retry' ? retryOf(value) : value
    else kys[name] = value
  }
  const client = resilient<Row>(options.fetch ?? globalThis.fetch, ours as ResilientOptions<Row>)
  const under = kyOptions(client)
  const own = kys.hooks as Options['hooks']
  const instance = ky.create({
    ...(kys as Options),
    ...under,
    hooks: {
      ...own,
      init: [...(own?.init ?? []), ...(under.hooks?.init ?? [])],
      beforeError: [...(under.hooks?.beforeError ?? []), ...(own?.beforeError ?? [])],
    },
  })
  return Object.assign(instance, { client })
}

/**
 * Options that put a client under a ky of one's own: our `fetch`, ky's retry and time-outs off. A call's own `retry`,
 * `timeout` and `totalTimeout` are read as ours, so that they neither multiply nor cut our loop.
 */
export function kyOptions<Row extends ErrorRow = ErrorRow>(client: ResilientFetch<Row>): Options {
  return {
    fetch: (input, init) => send(client as ResilientFetch, input, init as Translated | undefined),
    retry: NO_RETRY,
    timeout: NO_TIMEOUT,
    totalTimeout: NO_TIMEOUT,
    hooks: { init: [translate], beforeError: [unwrapped] },
  }
}

// None to ky, and yet told apart from the `0` or `false` that a caller writes.
const NO_RETRY = -0
const NO_TIMEOUT = 2 ** 31 - 1

/** Values that `translate` leaves for `send`. */
type Translated = RequestInit & { resilience?: CallOptions; throwsReplies?: boolean | ((status: number) => boolean) }

/** Sends a request; returns the reply of a failure where the caller wants replies. */
async function send(client: ResilientFetch, input: string | URL | Request, init?: Translated): Promise<Response> {
  const throws = init?.throwsReplies ?? true
  if (throws === true) return client(input, init)
  const reply = await client.fetch(input, init)
  const failure = failureOf(reply)
  if (failure !== undefined && throws !== false && throws(reply.status)) throw failure
  return reply
}

/** Our rejection as it is: what ky wraps it in shows the request's headers, and its URL whole. */
const unwrapped: BeforeErrorHook = ({ error }) =>
  error.name === 'NetworkError' && error.cause instanceof Error ? error.cause : error

/** Moves what ky would act on itself to where our engine reads it. */
function translate(options: Options): void {
  const call = options as Options & Translated
  // Two of our layers over one another: the first has done it.
  if (call.throwsReplies !== undefined) return
  const { retry, timeout, totalTimeout, throwHttpErrors } = call
  const translated = {
    ...(retry !== undefined && !Object.is(retry, NO_RETRY) && { retry: retryOf(retry) }),
    ...(timeout !== undefined && timeout !== NO_TIMEOUT && { timeout }),
    ...(totalTimeout !== undefined && totalTimeout !== NO_TIMEOUT && { totalTimeout }),
  }
  call.retry = 0
  call.timeout = false
  call.totalTimeout = false
  call.throwsReplies = throwHttpErrors ?? true
  if (Object.keys(translated).length > 0) call.resilience = { ...translated, ...call.resilience } as CallOptions
}

function retryOf(retry: unknown): unknown {
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
