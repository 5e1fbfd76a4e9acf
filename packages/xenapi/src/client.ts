import {
  type CallOptions,
  type ErrorOptions,
  type Fetch,
  http,
  isRefused,
  isRetryable,
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
  type SessionSource,
  type Vendor,
} from '@holdfast/core/plugin'
import { calling } from './calling.ts'
import { type XenApiLogin, type XenApiRow, xenapi } from './index.ts'
import { type Hearing, judging } from './judging.ts'
import { optionChecks } from './options.ts'
import { runTask } from './task.ts'

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
  const { vendor, secrets } = withSecretsKept(xenapi(vendorOptions))
  const client = resilient<XenApiRow>(own.fetch ?? ((input, init) => globalThis.fetch(input, init)), {
    ...rest,
    vendor,
  })
  const [home = ''] = vendor.origins ?? []
  const judge = judging(vendor, hearingWith(rest.errors as ErrorOptions | undefined), secrets)
  const caller = calling({
    client,
    judge,
    home,
    format: own.format,
    usual: rest,
    explain: async (error) => (await client.explain(error)).verdict?.code,
  })
  // What is cleared away behind the caller's back still needs the session.
  const underWay = new Set<Promise<unknown>>()
  const forget = (task: unknown) => {
    const done = caller('task.destroy', [task], { retry: false, timeout: 5_000, totalTimeout: 5_000 })
      .catch(() => {})
      .finally(() => underWay.delete(done))
    underWay.add(done)
  }

  const calls = (given: XenApiCallOptions): XenApiCalls => ({
    call: <T>(method: string, ...params: readonly unknown[]) => caller(method, params, given) as Promise<T>,
    callAsync: <T>(method: string, ...params: readonly unknown[]) =>
      runTask(
        { send: (name, all) => caller(name, all, given), forget, mayPass, signal: given.signal, judge },
        method,
        params,
      ) as Promise<T>,
  })
  const close = async () => {
    await Promise.all(underWay)
    await client.close()
  }
  return { ...calls({}), with: calls, fetch: client, close, [Symbol.asyncDispose]: close }
}

/** The same vendor, and the secrets of its sessions: of the one in hand, and of the one before. */
function withSecretsKept(vendor: Vendor<XenApiRow>) {
  const { auth } = vendor
  let kept: readonly string[] = []
  if (auth === undefined) return { vendor, secrets: () => kept }
  const open: SessionSource['open'] = async (credentials, transport) => {
    const session = await auth.open(credentials, transport)
    kept = [...session.secrets, ...kept.slice(0, session.secrets.length)]
    return session
  }
  return { vendor: { ...vendor, auth: { ...auth, open } }, secrets: () => kept }
}

/** Takes a fault for the answer to a call, by the user's word on errors. */
const hearingWith =
  (errors: ErrorOptions | undefined): Hearing =>
  (told, reply, { code }, { asListed }) => {
    const isNetworks = told.catalogue.find({ code }) === undefined && http.catalogue.find({ code }) !== undefined
    const { name, catalogue } = isNetworks ? http : told
    const word = asListed ? undefined : errors
    return resilient(async () => reply(), {
      ...deaf,
      vendor: { ...told, name, catalogue },
      ...(word && { errors: word }),
    })
  }

const deaf = { retry: false, breaker: false, budget: false, pause: false } as const

/** Neither a refusal nor what time may cure says anything of a task; a host that nobody trusts will not be trusted. */
const mayPass = (error: unknown): boolean =>
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
