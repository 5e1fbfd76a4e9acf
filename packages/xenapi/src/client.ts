import { type CallOptions, type Fetch, type ResilientFetch, type ResilientOptions, resilient } from '@holdfast/core'
import { type XenApiLogin, type XenApiRow, xenapi } from './index.ts'
import { takesSession } from './methods.ts'
import { sessionPlaceholder } from './placeholder.ts'
import { speak, speaking } from './speaking.ts'
import { runTask, taskFailure } from './task.ts'
import { readAnswer } from './wire/answer.ts'
import { type Format, writeCall } from './wire/call.ts'

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
   * @throws {VendorError} when the call has failed for good.
   * @throws {RangeError} for a call that is too long for a host; nothing was sent.
   * @example
   * const record = await xen.call('VM.get_record', ref)
   */
  call<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T>
  /**
   * Runs a method as a task at the host, waits for its end however long that takes, and returns what came of it. An
   * abort ends the waiting only, not the task.
   *
   * @throws {VendorError} when the task has failed, or is gone, so that nobody knows what came of it.
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
 * @throws {TypeError} naming the option at fault.
 * @example
 * await using xen = createXenApi({ url: 'https://xen.example', username: 'root', password })
 * for (const ref of await xen.call<string[]>('VM.get_all')) console.log(await xen.call('VM.get_name_label', ref))
 */
export function createXenApi(options: XenApiClientOptions): XenApi {
  const { own, vendorOptions, rest } = sorted(options)
  if (vendorOptions.username === undefined && vendorOptions.credentials === undefined) {
    throw new TypeError('createXenApi: give `username` and `password`, or `credentials`: every call needs a session.')
  }
  const vendor = xenapi(vendorOptions)
  const client = resilient<XenApiRow>(own.fetch ?? ((input, init) => globalThis.fetch(input, init)), {
    ...rest,
    vendor,
  })
  const [home = ''] = vendor.origins ?? []
  const deaf = {
    retry: false,
    breaker: false,
    budget: false,
    pause: false,
    ...(rest.errors && { errors: rest.errors }),
  } as const
  const judge = taskFailure(vendor, (told, reply) =>
    resilient<XenApiRow>(async () => reply(), { ...deaf, vendor: told }),
  )
  let isOld = own.format === 'xml'

  const send = async (method: string, params: readonly unknown[], given: XenApiCallOptions): Promise<unknown> => {
    const all = takesSession(method) ? [sessionPlaceholder, ...params] : params
    const { signal, ...resilience } = given
    const once = (format: Format) => {
      const { path, type } = speaking[format]
      const body = bodyOf(format, method, all)
      const init = { method: 'POST', headers: { 'content-type': type }, body, ...(signal && { signal }) }
      return client(home + path, { ...init, resilience })
    }
    const { format, reply } =
      own.format === 'json' ? { format: undefined, reply: await once('json-rpc-2.0') } : await speak(once, isOld)
    if (format === 'xml-rpc') isOld = true
    return valueIn(method, await reply.text())
  }

  const calls = (given: XenApiCallOptions): XenApiCalls => ({
    call: <T>(method: string, ...params: readonly unknown[]) => send(method, params, given) as Promise<T>,
    callAsync: <T>(method: string, ...params: readonly unknown[]) =>
      runTask(
        { send: (name, all) => send(name, all, given), signal: given.signal, judge },
        method,
        params,
      ) as Promise<T>,
  })
  const close = () => client.close()
  return { ...calls({}), with: calls, fetch: client, close, [Symbol.asyncDispose]: close }
}

function sorted(options: XenApiClientOptions) {
  const { fetch, format = 'auto', ...others } = options
  if (format !== 'auto' && format !== 'json' && format !== 'xml') {
    throw new TypeError("createXenApi: `format` must be 'json', 'xml' or 'auto'.")
  }
  const { url, members, username, password, credentials, originator, discoverMembers, ...rest } = others
  const named = { url, members, username, password, credentials, originator, discoverMembers }
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  return { own: { fetch, format }, vendorOptions: Object.fromEntries(given) as unknown as XenApiLogin, rest }
}

/** XAPI's limit on a call (`Client_requested_size_over_limit`), and what the session's own text is longer than ours. */
const LONGEST = 300 * 1024
const GROWTH = 'OpaqueRef:01234567-89ab-cdef-0123-456789abcdef'.length - sessionPlaceholder.length

function bodyOf(format: Format, method: string, params: readonly unknown[]): string {
  const body = writeCall(format, method, format === 'xml-rpc' ? withFraction(method, params) : params)
  const bytes = new TextEncoder().encode(body).byteLength + GROWTH
  if (bytes <= LONGEST) return body
  throw new RangeError(`The call of ${method} is ${bytes} bytes long; a host takes ${LONGEST} at most.`)
}

/** Over XML, XAPI wants a fraction where it wants one: a whole number of seconds would be an integer. */
const withFraction = (method: string, params: readonly unknown[]): readonly unknown[] =>
  method === 'event.from' && Number.isInteger(params[3]) ? params.with(3, Number(params[3]) + 0.1) : params

function valueIn(method: string, text: string): unknown {
  const answer = readAnswer(text)
  if (answer?.type === 'success') return answer.value
  const what = answer === undefined ? 'cannot be read' : `is a failure, ${answer.code}`
  throw new Error(`The answer to ${method} ${what}.`)
}
