import {
  type CallOptions,
  type Explanation,
  type Fetch,
  isRefused,
  OptionsError,
  optionNames,
  type ResilientFetch,
  type ResilientOptions,
  resilient,
} from '@holdfast/core'
import {
  type ChecksOf,
  checkVendorOptions,
  type OptionCheck,
  ofType,
  oneOf,
  type WantedState,
  wholeNumber,
} from '@holdfast/core/plugin'
import {
  type SavedWork,
  type UntilOptions,
  type WaitOptions,
  type Work,
  type WorkingFetch,
  withWork,
} from '@holdfast/core/work'
import { makeCaller } from './caller.ts'
import { PoolFormat } from './format-fallback.ts'
import { optionChecks, type XenApiLogin } from './options.ts'
import { stateIn } from './state-in.ts'
import { makeVendor, type XenApiRow } from './vendor.ts'
import { xenapiWork } from './work/xenapi-work.ts'

/** Options of `createXenApi`: the address of the pool, the login, and every option of `resilient`. */
export type XenApiClientOptions = XenApiLogin &
  Omit<ResilientOptions<XenApiRow>, 'vendor'> & {
    /** The `fetch` that requests are sent with. @default the global `fetch` */
    readonly fetch?: Fetch
    /** Format of calls and logins: `auto` is JSON, and XML once a host has shown that it is too old for JSON. @default 'auto' */
    readonly format?: 'json' | 'xml' | 'auto'
    /** Bytes of the longest answer that is read, after unpacking. @default 268_435_456 (256 MiB) */
    readonly answerLimit?: number
  }

/** Options of one call. */
export type XenApiCallOptions = CallOptions<XenApiRow> & { readonly signal?: AbortSignal }

/** Calls of the pool by name. */
export interface XenApiCalls {
  /**
   * Calls a method with its parameters, without the session, and returns its value as it came: in XML-RPC, numbers that XAPI
   * writes as strings stay strings. A whole number beyond 2^53, which JavaScript would round, is a string of its digits in JSON,
   * too: `BigInt(value)` accepts both, and XAPI accepts the string for a parameter that is an `int`.
   *
   * The time limits hold for reading the answer, too.
   *
   * @throws {VendorError} when the call has failed for good, or its answer cannot be read. A read is sent once more before
   *   that.
   * @throws {RangeError} for a call that is too long for a host; nothing was sent.
   * @example
   * const record = await xen.call('VM.get_record', ref)
   */
  call<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T>
  /**
   * Runs a method as a task at the host, waits for the end of the task, and returns its result: `start`, and its `result`.
   * There is no time limit: while no host can be reached, the task is polled again and again. Give a `signal` to end
   * the waiting; its abort does not end the task.
   *
   * @throws {VendorError} when the task has failed, or its end cannot be found out: then `outcome` is `unknown`, and the
   *   message names the task.
   */
  callAsync<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T>
  /**
   * Begins a method as a task at the host.
   *
   * @example
   * const work = await xen.start('VM.clone', template, 'web-2')
   * for await (const { progress } of work) console.log(progress)
   * const vm = await work.result
   */
  start<T = unknown>(method: string, ...params: readonly unknown[]): Promise<Work<T>>
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
  /**
   * Explains a code, a reply or an error of the network as the answer to a call of this method. An error of this library knows its
   * own call.
   *
   * @example
   * (await xen.explain({ code: 'VM_BAD_POWER_STATE' }, 'VM.start', ref)).why
   */
  explain(
    subject: Parameters<ResilientFetch<XenApiRow>['explain']>[0],
    method?: string,
    ...params: readonly unknown[]
  ): Promise<Explanation>
  /** The client that calls are sent with, for other requests: an export, statistics. */
  readonly fetch: WorkingFetch<XenApiRow>
  /**
   * Runs a function for every item, some at a time: `each` of `fetch`.
   *
   * @throws {OptionsError} when `concurrency` is invalid.
   * @example
   * const results = await xen.each(refs, { concurrency: 8 }, (ref) => xen.callAsync('VM.start', ref, false, false))
   */
  readonly each: WorkingFetch<XenApiRow>['each']
  /** The state of the pool's services and logins: `state` of `fetch`. */
  readonly state: WorkingFetch<XenApiRow>['state']
  /** Goes on with a task that was begun before, also by another process: what `JSON.stringify(work)` wrote. */
  work<T = unknown>(saved: SavedWork | string, options?: WaitOptions): Work<T>
  /**
   * Waits for a state of something in the pool.
   *
   * @example
   * await xen.until(poweredOff(ref), { timeout: 60_000 })
   */
  until(state: WantedState, options?: UntilOptions): Promise<void>
  /** Logs out, best effort. */
  close(): Promise<void>
}

/**
 * Makes a client of a pool, which logs in when it has to and repeats what may be repeated.
 *
 * @throws {OptionsError} naming the option at fault.
 * @example
 * await using xen = createXenApi({ url: 'https://xen.example', username: 'root', password })
 * for (const ref of await xen.call<string[]>('VM.get_all')) console.log(await xen.call('VM.get_name_label', ref))
 */
export function createXenApi(options: XenApiClientOptions): XenApi {
  const { own, vendorOptions, rest } = splitOptions(options)
  const format = new PoolFormat(own.format)
  const vendor = makeVendor(vendorOptions, format, true)
  const client = withWork(resilient<XenApiRow>(own.fetch ?? globalThis.fetch, { ...rest, vendor }), xenapiWork)
  const [origin = ''] = vendor.origins ?? []
  const caller = makeCaller({
    client,
    origin,
    format,
    answerLimit: own.answerLimit,
    defaults: rest,
    isRefused,
  })
  const start = async <T>(given: XenApiCallOptions, method: string, params: readonly unknown[]) =>
    caller.begin({ method: `Async.${named(method)}`, params }, given, ({ url, ...init }) => client.start<T>(url, init))
  const calls = (given: XenApiCallOptions): XenApiCalls => ({
    call: async <T>(method: string, ...params: readonly unknown[]) =>
      (await caller.call({ method: named(method), params }, given)) as T,
    start: <T>(method: string, ...params: readonly unknown[]) => start<T>(given, method, params),
    async callAsync<T>(method: string, ...params: readonly unknown[]) {
      const { result } = await start<T>(given, method, params)
      // An accepted conflict has no value, like a method that returns nothing.
      return ((await result) ?? '') as T
    },
  })
  const explain: XenApi['explain'] = (subject, method, ...params) =>
    client.explain(subject, method === undefined ? undefined : caller.request({ method, params }))
  return {
    ...calls({}),
    with: calls,
    explain,
    fetch: client,
    each: client.each,
    state: client.state,
    work: (saved, options) => client.work(saved, options),
    until: async (state, options) => {
      await caller.askIn((format) => client.until(stateIn(format, state), options))
    },
    close: () => client.close(),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** @throws {TypeError} for a method without a name: its call would be sent, and its error would be the host's. */
function named(method: string): string {
  if (typeof method === 'string' && method !== '') return method
  throw new TypeError('A call needs the name of a method, such as `VM.get_all`.')
}

/** Options of the engine, which the engine itself checks. */
const ofEngine: Readonly<Record<string, OptionCheck>> = Object.fromEntries(
  optionNames.filter((name) => name !== 'vendor').map((name) => [name, () => {}]),
)

const clientChecks = {
  ...ofEngine,
  ...optionChecks,
  fetch: ofType('function'),
  format: oneOf('json', 'xml', 'auto'),
  answerLimit: wholeNumber(1),
} as ChecksOf<XenApiClientOptions>

const elsewhere = {
  vendor: 'is always XenAPI here; `resilient` takes others.',
  retries: 'is `retry` here.',
  maxRetries: 'is `retry` here.',
}

function splitOptions(options: XenApiClientOptions) {
  checkVendorOptions('createXenApi', options, clientChecks, elsewhere)
  if (options.username === undefined && options.credentials === undefined) {
    const problem = 'is missing: give `username` and `password`, or `credentials`. Every call needs a session.'
    throw new OptionsError('username', problem, 'createXenApi')
  }
  const { fetch, format = 'auto', answerLimit, ...others } = options
  const { url, members, username, password, credentials, originator, discoverMembers, ...rest } = others
  const named = { url, members, username, password, credentials, originator, discoverMembers }
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  return {
    own: { fetch, format, answerLimit },
    vendorOptions: Object.fromEntries(given) as unknown as XenApiLogin,
    rest,
  }
}
