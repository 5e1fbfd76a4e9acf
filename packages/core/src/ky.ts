import ky, { type KyInstance, type Options } from 'ky'
import type { Fetch } from './call/engine.ts'
import type { CallOptions, OneCallOptions, ResilientOptions } from './contract/policy.ts'
import type { ErrorRow } from './contract/row.ts'
import { argumentError, OptionsError } from './error/options-error.ts'
import { kindOf } from './error/shown-value.ts'
import { checkClientNames } from './ky/names.ts'
import { parseJson, send, unwrapped } from './ky/send.ts'
import { type BESIDE, checkHooks, NO_RETRY, NO_TIMEOUT, retryOf, type Translated, translate } from './ky/translate.ts'
import { optionNames } from './options/options.ts'
import { type ResilientFetch, resilient } from './resilient.ts'

declare module 'ky' {
  interface Options extends Pick<CallOptions, (typeof BESIDE)[number]> {
    /** This library's options for the call. */
    resilience?: OneCallOptions
  }
}

/** ky's options together with ours. Names that both have are ours, such as `retry`, `timeout` and `mode`. */
export type ResilientKyOptions<Row extends ErrorRow = ErrorRow> = ResilientOptions<Row> &
  Omit<Options, keyof ResilientOptions | 'fetch'> & {
    /** The function that sends requests. @default the global `fetch` */
    readonly fetch?: Fetch
  }

/** A ky instance, and the client under it: `api.client.close()` ends its sessions. */
export type ResilientKy<Row extends ErrorRow = ErrorRow> = KyInstance & { readonly client: ResilientFetch<Row> }

/**
 * A ky instance on a client of its own.
 *
 * @throws {OptionsError} naming the invalid option.
 */
export function resilientKy<Row extends ErrorRow = ErrorRow>(options: ResilientKyOptions<Row> = {}): ResilientKy<Row> {
  if (typeof options !== 'object' || options === null || Symbol.iterator in options)
    throw new OptionsError('', `must be an object, got ${kindOf(options)}.`)
  const ours: Record<string, unknown> = {}
  const kys: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (name === 'fetch') continue
    if (optionNames.includes(name)) ours[name] = name === 'retry' ? retryOf(value) : value
    else kys[name] = value
  }
  checkClientNames(Object.keys(kys))
  const client = resilient<Row>(options.fetch ?? globalThis.fetch, ours as ResilientOptions<Row>)
  const under = kyOptions(client)
  const own = kys.hooks as Options['hooks']
  checkHooks(own)
  const instance = ky.create({
    ...(kys as Options),
    ...under,
    ...(kys.parseJson !== undefined && { parseJson: kys.parseJson as NonNullable<Options['parseJson']> }),
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
 * `timeout` and `totalTimeout` are read as ours, so that they neither multiply nor cut our loop. `hooks.afterResponse` sees
 * every reply, that of a failure as well, once the retries are over; `hooks.beforeRetry` is refused.
 *
 * @throws {OptionsError} for what is no client.
 */
export function kyOptions<Row extends ErrorRow = ErrorRow>(client: ResilientFetch<Row>): Options {
  if (typeof client !== 'function' || typeof client.fetch !== 'function')
    throw argumentError('client', 'must be a client, as `resilient` makes it. Options are for `resilientKy`.')
  return {
    // `translate` marks every call.
    fetch: (input, init?: Translated) =>
      init?.throwsReplies === undefined ? Promise.reject(lostHooks()) : send(client as ResilientFetch, input, init),
    retry: NO_RETRY,
    timeout: NO_TIMEOUT,
    totalTimeout: NO_TIMEOUT,
    parseJson,
    hooks: { init: [translate], beforeError: [unwrapped] },
  }
}

const lostHooks = (): OptionsError =>
  new OptionsError('hooks', 'took the place of those of `kyOptions`: add yours by `.extend({ hooks })`.')
