import ky, { type KyInstance, type Options } from 'ky'
import type { ErrorRow } from './contract/catalogue.ts'
import type { CallOptions, ResilientOptions } from './contract/policy.ts'
import { OptionsError } from './error/options-error.ts'
import type { Fetch } from './loop/engine.ts'
import { type ResilientFetch, resilient } from './resilient.ts'

/** ky's options together with ours. `retry`, `timeout` and `totalTimeout` are ours; the rest is ky's own. */
export type ResilientKyOptions<Row extends ErrorRow = ErrorRow> = ResilientOptions<Row> &
  Omit<Options, 'retry' | 'timeout' | 'totalTimeout' | 'fetch'> & {
    /** What requests are sent with. @default the global `fetch` */
    readonly fetch?: Fetch
  }

const OURS = [
  'vendor',
  'retry',
  'timeout',
  'totalTimeout',
  'bodyTimeout',
  'idempotent',
  'replayLimit',
  'acceptAchieved',
  'onConflict',
  'errors',
  'init',
  'mode',
  'observers',
  'breaker',
  'budget',
  'pause',
  'trustedHosts',
  'state',
] as const

/** ky's words for which there is no honest translation: here what an error means decides, not its status. */
const UNTRANSLATABLE = [
  'methods',
  'statusCodes',
  'afterStatusCodes',
  'maxRetryAfter',
  'shouldRetry',
  'retryOnTimeout',
  'delay',
]

/**
 * A ky instance on a client of its own.
 *
 * @throws {OptionsError} naming the option that cannot be meant.
 */
export function resilientKy<Row extends ErrorRow = ErrorRow>(options: ResilientKyOptions<Row> = {}): KyInstance {
  const ours: Record<string, unknown> = {}
  const kys: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (name === 'fetch') continue
    if ((OURS as readonly string[]).includes(name)) ours[name] = name === 'retry' ? retryOf(value) : value
    else kys[name] = value
  }
  const client = resilient<Row>(
    options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    ours as ResilientOptions<Row>,
  )
  const under = kyOptions(client)
  return ky.create({
    ...(kys as Options),
    ...under,
    hooks: {
      ...(kys.hooks as Options['hooks']),
      init: [...((kys.hooks as Options['hooks'])?.init ?? []), ...(under.hooks?.init ?? [])],
    },
  })
}

/**
 * Options that put a client under a ky of one's own: our `fetch`, ky's retry and time-outs off. A call's own `retry`,
 * `timeout` and `totalTimeout` are read as ours, so that they neither multiply nor cut our loop.
 */
export function kyOptions<Row extends ErrorRow = ErrorRow>(client: ResilientFetch<Row>): Options {
  return {
    // With `throwHttpErrors: false` the caller wants replies, not errors.
    fetch: (input, init) => (wantsReplies(init) ? client.fetch(input, init) : client(input, init)),
    retry: 0,
    timeout: false,
    totalTimeout: false,
    hooks: { init: [translate] },
  }
}

const wantsReplies = (init: RequestInit | undefined): boolean =>
  (init as { resilienceReplies?: boolean } | undefined)?.resilienceReplies === true

/** Moves what ky would act on itself to where our engine reads it. */
function translate(options: Options): void {
  const call = options as Options & { resilience?: CallOptions; resilienceReplies?: boolean }
  const { retry, timeout, totalTimeout, throwHttpErrors } = call
  const translated: Record<string, unknown> = {}
  if (retry !== undefined && retry !== 0) translated.retry = retryOf(retry)
  if (timeout !== undefined && timeout !== false) translated.timeout = timeout
  if (totalTimeout !== undefined && totalTimeout !== false) translated.totalTimeout = totalTimeout
  call.retry = 0
  call.timeout = false
  call.totalTimeout = false
  if (throwHttpErrors === false) call.resilienceReplies = true
  if (Object.keys(translated).length > 0) call.resilience = { ...translated, ...call.resilience } as CallOptions
}

function retryOf(retry: unknown): unknown {
  if (typeof retry !== 'object' || retry === null) return retry
  const { backoffLimit, jitter, ...rest } = retry as { backoffLimit?: number; jitter?: unknown }
  for (const name of UNTRANSLATABLE) {
    if (name in rest)
      throw new OptionsError(
        `retry.${name}`,
        'is ky’s and has no meaning here: what an error means decides. Use `errors`.',
      )
  }
  return {
    ...rest,
    ...(jitter !== undefined && { jitter: jitter === true ? 'full' : jitter === false ? 'none' : jitter }),
    ...(typeof backoffLimit === 'number' && {
      backoff: { fast: { base: Math.min(500, backoffLimit), limit: backoffLimit } },
    }),
  }
}
