import {
  type CallOptions,
  type Fetch,
  isRefused,
  isRetryable,
  OptionsError,
  optionNames,
  type ResilientFetch,
  type ResilientOptions,
  resilient,
} from '@holdfast/core'
import { type ChecksOf, checkVendorOptions, type OptionCheck, ofType, oneOf } from '@holdfast/core/plugin'
import { makeCaller } from './caller.ts'
import { type XenApiLogin, type XenApiRow, xenapi } from './index.ts'
import { optionChecks } from './options.ts'
import { runTask, type TaskTools } from './task.ts'

/** What `createXenApi` may be told: where the pool is, how to log in, and all that `resilient` may be told. */
export type XenApiClientOptions = XenApiLogin &
  Omit<ResilientOptions<XenApiRow>, 'vendor'> & {
    /** What requests are sent with. @default the global `fetch` */
    readonly fetch?: Fetch
    /** How calls are written: `auto` is JSON, until a host shows that it is too old for it. @default 'auto' */
    readonly format?: 'json' | 'xml' | 'auto'
  }

/** What may be set for a call. */
export type XenApiCallOptions = CallOptions<XenApiRow> & { readonly signal?: AbortSignal }

/** Calls of the pool by name. */
export interface XenApiCalls {
  /**
   * Calls a method, with its parameters but the session, and returns its value as it came: in XML-RPC, where XAPI writes
   * them so, numbers are texts.
   *
   * The time limits hold for reading the answer, too.
   *
   * @throws {VendorError} when the call has failed for good, or its answer cannot be read; a read asks for that twice.
   * @throws {RangeError} for a call that is too long for a host; nothing was sent.
   * @example
   * const record = await xen.call('VM.get_record', ref)
   */
  call<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T>
  /**
   * Runs a method as a task at the host, waits for its end however long that takes, and returns what came of it. A host
   * that is not to be reached meanwhile is looked for until it is: give a `signal` to set an end to that. An abort ends
   * the waiting only, not the task.
   *
   * @throws {VendorError} when the task has failed, or its end cannot be found out: then its `outcome` is `unknown`, and
   * its message names the task.
   */
  callAsync<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T>
}

/** A client of a pool. */
export interface XenApi extends XenApiCalls, AsyncDisposable {
  /**
   * The same calls with other options, each of which holds for every request by itself.
   *
   * @example
   * await xen.with({ idempotent: true, signal }).call('VM.set_name_label', ref, 'web-1')
   */
  with(options: XenApiCallOptions): XenApiCalls
  /** What calls are sent with, for requests of another kind: an export, or statistics. */
  readonly fetch: ResilientFetch<XenApiRow>
  /** Logs out, best effort. */
  close(): Promise<void>
}

/**
 * A client of a pool: logs in when it has to, and sees every call through.
 *
 * @throws {OptionsError} naming the option at fault.
 * @example
 * await using xen = createXenApi({ url: 'https://xen.example', username: 'root', password })
 * for (const ref of await xen.call<string[]>('VM.get_all')) console.log(await xen.call('VM.get_name_label', ref))
 */
export function createXenApi(options: XenApiClientOptions): XenApi {
  const { own, vendorOptions, rest } = sorted(options)
  const vendor = xenapi(vendorOptions)
  const client = resilient<XenApiRow>(own.fetch ?? ((input, init) => globalThis.fetch(input, init)), {
    ...rest,
    vendor,
  })
  const [origin = ''] = vendor.origins ?? []
  const caller = makeCaller({ client, origin, format: own.format, defaults: rest })
  // Tasks that are being destroyed: nobody waits for that but `close`, because it needs the session.
  const underWay = new Set<Promise<unknown>>()
  const destroy = (task: unknown) => {
    const settings = { retry: false, timeout: 5_000, totalTimeout: 5_000 } as const
    const done = caller
      .call({ method: 'task.destroy', params: [task] }, settings)
      .catch(() => {})
      .finally(() => underWay.delete(done))
    underWay.add(done)
  }

  const calls = (given: XenApiCallOptions): XenApiCalls => ({
    call: <T>(method: string, ...params: readonly unknown[]) => caller.call({ method, params }, given) as Promise<T>,
    callAsync: <T>(method: string, ...params: readonly unknown[]) => {
      const submission = { method: `Async.${method}`, params }
      const tools: TaskTools = {
        call: (call) => caller.call(call, given),
        failure: (fault, details) => caller.failure(submission, given, fault, details),
        destroy,
        isTransient,
        signal: given.signal,
      }
      return runTask(tools, submission) as Promise<T>
    },
  })
  const close = async () => {
    await Promise.all(underWay)
    await client.close()
  }
  return { ...calls({}), with: calls, fetch: client, close, [Symbol.asyncDispose]: close }
}

/** True for a refusal of the engine and for what time may cure. A host that is not trusted will not be trusted later. */
const isTransient = (error: unknown): boolean =>
  isRefused(error) || (isRetryable(error) && error.reason !== 'untrusted-host')

/** Those of the engine are checked by the engine. */
const ofEngine: Readonly<Record<string, OptionCheck>> = Object.fromEntries(
  optionNames.filter((name) => name !== 'vendor').map((name) => [name, () => {}]),
)

const clientChecks = {
  ...ofEngine,
  ...optionChecks,
  fetch: ofType('function'),
  format: oneOf('json', 'xml', 'auto'),
} as ChecksOf<XenApiClientOptions>

function sorted(options: XenApiClientOptions) {
  checkVendorOptions('createXenApi', options, clientChecks)
  if (options.username === undefined && options.credentials === undefined) {
    const problem = 'is missing: give `username` and `password`, or `credentials`. Every call needs a session.'
    throw new OptionsError('username', problem, 'createXenApi')
  }
  const { fetch, format = 'auto', ...others } = options
  const { url, members, username, password, credentials, originator, discoverMembers, ...rest } = others
  const named = { url, members, username, password, credentials, originator, discoverMembers }
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  return { own: { fetch, format }, vendorOptions: Object.fromEntries(given) as unknown as XenApiLogin, rest }
}
