import type { FaultDetail } from '../fault-of.ts'
import { toResponse, type WireReply } from '../wire.ts'

/** The members that every step may have. */
export interface StepOptions {
  /** Requests that this step answers. @default 1; a script's last step goes on for ever */
  readonly times?: number
  /** Milliseconds before the answer. @default 0 */
  readonly delay?: number
}

/** A step that fails. */
export interface FailOptions extends StepOptions, FaultDetail {
  /** `Retry-After`: seconds, or the text of the header. */
  readonly retryAfter?: number | string
  /** Shape of the answer, by its name in the vendor's wire. @default the first that the vendor reads at the request's URL */
  readonly shape?: string
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A step that answers with a success. */
export interface OkOptions extends StepOptions {
  /** @default 200, or 204 without a body */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A step that answers with a bare status. */
export interface StatusOptions extends OkOptions {
  /** `Retry-After`: seconds, or the text of the header. */
  readonly retryAfter?: number | string
  /** @default no body */
  readonly body?: string
}

/** Answers a request that a script was given. */
export type Answer = (request: Request) => Response | Promise<Response>

/** One thing that a mock server does with a request. Made by `fail`, `ok`, `status`, `reply`, `drop`, `hang` and `pass`. */
export type Step<Code extends string = string> =
  | { readonly do: 'fail'; readonly code: Code; readonly options: FailOptions }
  | { readonly do: 'reply'; readonly answer: Answer; readonly options: StepOptions }
  | { readonly do: 'drop' | 'hang' | 'pass'; readonly options: StepOptions }

/** Steps in order. The last goes on for ever, unless it has `times`: then the next handlers answer. */
export type Script<Code extends string = string> = Step<Code> | readonly Script<Code>[]

/**
 * Fails with one of the vendor's own codes.
 *
 * @example
 * vcenter.get('/api/vcenter/vm', fail('RESOURCE_BUSY', { times: 2 }), ok([]))
 */
export function fail<const Code extends string>(code: Code, options: FailOptions = {}): Step<Code> {
  return { do: 'fail', code, options }
}

/**
 * Succeeds with a JSON body, or with none.
 *
 * @example
 * vcenter.post('/api/vcenter/vm', ok('vm-1', { status: 201 }))
 */
export function ok(
  body?: unknown,
  { status = body === undefined ? 204 : 200, headers, ...options }: OkOptions = {},
): Step<never> {
  const sent = { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }
  return reply({ status, headers: sent, body: body === undefined ? '' : JSON.stringify(body) }, options)
}

/**
 * Answers with a bare status, as proxies do.
 *
 * @example
 * vcenter.get('/api/vcenter/vm', status(503, { retryAfter: 2, times: 1 }), ok([]))
 */
export function status(
  code: number,
  { retryAfter, body = '', headers, ...options }: Omit<StatusOptions, 'status'> = {},
): Step<never> {
  return reply({ status: code, headers: { ...headers, ...retryAfterHeader(retryAfter) }, body }, options)
}

/** Answers with these bytes, or with what a function makes of the request. */
export function reply(answer: WireReply | Answer, options: StepOptions = {}): Step<never> {
  return { do: 'reply', answer: typeof answer === 'function' ? answer : () => toResponse(answer), options }
}

/** Closes the connection without an answer, so that the outcome is unknown. */
export function drop(options: StepOptions = {}): Step<never> {
  return { do: 'drop', options }
}

/** Never answers: the caller's own time-out ends it. */
export function hang(options: StepOptions = {}): Step<never> {
  return { do: 'hang', options }
}

/**
 * Lets the next handler answer, perhaps with a delay.
 *
 * @example
 * // Only the second call fails; a simulator answers the others.
 * server.use(vcenter.get('/api/vcenter/vm', pass(), fail('SERVICE_UNAVAILABLE', { times: 1 })))
 */
export function pass(options: StepOptions = {}): Step<never> {
  return { do: 'pass', options }
}

/** The header for seconds, or for a text as it is; nothing for `undefined`. */
export const retryAfterHeader = (value: number | string | undefined): Record<string, string> =>
  value === undefined ? {} : { 'retry-after': String(value) }
