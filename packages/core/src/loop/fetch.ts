import { outerCall } from '../act/outer-call.ts'
import { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import type { Engine, InternalCall } from '../call/engine.ts'
import { prereadBody } from '../call/preread-body.ts'
import { redactUnsent } from '../call/shown/redact-unsent.ts'
import { toError } from '../call/shown/to-error.ts'
import type { CallOptions, OneCallOptions } from '../contract/policy.ts'
import type { FetchInit } from '../contract/request.ts'
import type { ErrorRow } from '../contract/row.ts'
import { mapOfProcess } from '../error/marker.ts'
import { argumentError, OptionsError } from '../error/options-error.ts'
import { rejectionOf } from '../options/names/misplaced.ts'
import { ownCopy } from '../options/own-copy.ts'
import { cancelBody } from '../request/cancel-body.ts'
import { isRequest } from '../request/is-request.ts'
import { ReplayableRequest } from '../request/replayable-request.ts'
import { withDefaults } from '../request/snapshot.ts'
import { sendUnobserved } from './background.ts'
import { rememberFailure, rememberResult } from './find-failure.ts'
import { run } from './first-attempt.ts'
import { observe } from './observe.ts'
import { CallPromise } from './settle.ts'

/** The init of `fetch`, with this library's options for the call. */
export type ResilientInit<Row extends ErrorRow = ErrorRow> = FetchInit & { readonly resilience?: OneCallOptions<Row> }

const requestOptions = /* @__PURE__ */ mapOfProcess<OneCallOptions>('requestOptions')

/**
 * Gives a `Request` options of its own, as they are now, for code that calls a `fetch` with a `Request` alone.
 *
 * @throws {OptionsError} for what is no `Request`.
 */
export function withResilience<Row extends ErrorRow = ErrorRow>(
  request: Request,
  options: OneCallOptions<Row>,
): Request {
  if (!isRequest(request)) throw argumentError('request', 'must be a `Request`.')
  requestOptions.set(request, ownCopy(options as OneCallOptions))
  return request
}

/** A copy of the options of a call: from its init, or from its `Request`. */
export const optionsOf = (input: string | URL | Request, init: ResilientInit | undefined): OneCallOptions | undefined =>
  ownCopy(init?.resilience ?? (isRequest(input) ? requestOptions.get(input) : undefined))

/** Runs a request; every failure is thrown. */
export const fetchOrThrow = (
  engine: Engine,
  input: string | URL | Request,
  init?: ResilientInit,
  internal?: InternalCall,
): Promise<Response> =>
  internal === undefined
    ? (rejectionOf(init) ?? begin(engine, input, init, new CallPromise(giveReply), undefined, outerCall()))
    : begin(engine, input, init, new CallPromise(giveReply), internal)

/** Runs a request; every reply is returned. */
export const fetchReply = (engine: Engine, input: string | URL | Request, init?: ResilientInit): Promise<Response> =>
  begin(engine, input, init, new CallPromise(isRequest(input) ? replyTo(input) : giveAnyReply))

/** Runs a request to its result, whatever it is. */
export const runCall = (
  engine: Engine,
  input: string | URL | Request,
  init: ResilientInit | undefined,
): Promise<CallResult> => begin(engine, input, init, new CallPromise((result, promised) => promised.resolve(result)))

function giveReply(result: CallResult, promised: CallPromise<Response>): void {
  if (result.type === 'reply') promised.resolve(result.response)
  else if (result.type === 'failure') promised.fail(result.failure, result.failure.buffered())
  else promised.withoutReply(result)
}

/** Remembers the failure by the `Request`, for libraries whose errors carry only that. */
const replyTo =
  (request: Request) =>
  (result: CallResult, promised: CallPromise<Response>): void => {
    rememberResult(request, result.type === 'failure' ? () => toError(result.failure) : undefined)
    giveAnyReply(result, promised)
  }

function giveAnyReply(result: CallResult, promised: CallPromise<Response>): void {
  if (result.type === 'reply') return promised.resolve(result.response)
  if (result.type !== 'failure') return promised.withoutReply(result)
  const response = result.failure.live()
  if (response === undefined) return promised.fail(result.failure)
  rememberFailure(response, () => toError(result.failure, response))
  promised.resolve(response)
}

// One for all calls, so that no call makes a closure.
const isAborted = ({ aborted }: AbortSignal): boolean => aborted

function begin<T>(
  engine: Engine,
  input: string | URL | Request,
  init: ResilientInit | undefined,
  promised: CallPromise<T>,
  internal?: InternalCall,
  outer?: Call,
): Promise<T> {
  try {
    const aborted = internal === undefined ? engine.signals.find(isAborted) : undefined
    if (aborted !== undefined) {
      cancelBody(input, init, aborted.reason)
      promised.settle({ type: 'raw', thrown: aborted.reason })
      return promised.promise
    }
    const options = optionsOf(input, init)
    if (options !== undefined) engine.checks.call(options)
    const request = requestOf(engine, input, init, options)
    const prereading = prereadBody(engine, request, options?.replayLimit ?? engine.policy.replayLimit)
    if (prereading === undefined) start(engine, request, options, promised, internal, outer)
    else void startAfter(prereading, engine, request, options, promised, internal, outer)
  } catch (thrown) {
    promised.reject(thrown)
  }
  return promised.promise
}

/** @throws what `fetch` would throw, which may quote a header or the URL. */
function requestOf(
  { init: defaults, vendor }: Engine,
  input: string | URL | Request,
  init: ResilientInit | undefined,
  options: OneCallOptions | undefined,
) {
  try {
    const request = new ReplayableRequest(input, withDefaults(defaults, input, init), options)
    if (request.bodies !== undefined && request.hasGivenBody)
      throw new OptionsError('resilience.body', 'contradicts the `body` of the request: give one of them.')
    return request
  } catch (thrown) {
    throw redactUnsent(thrown, vendor, [input, init], ['', defaults])
  }
}

/** A separate function: an asynchronous one would also slow calls that wait for nothing. */
async function startAfter<T>(prereading: Promise<void>, ...begun: Parameters<typeof start<T>>): Promise<void> {
  const [, request, , promised] = begun
  request.keepHeaders()
  try {
    await prereading
    start(...begun)
  } catch (thrown) {
    promised.reject(thrown)
  }
}

function start<T>(
  engine: Engine,
  request: ReplayableRequest,
  options: CallOptions | undefined,
  promised: CallPromise<T>,
  internal: InternalCall | undefined,
  outer: Call | undefined,
): void {
  const acts = engine.mode === 'act' || internal !== undefined
  let call: Call
  try {
    call = new Call(engine, request, options, internal)
    call.outer = outer
  } catch (thrown) {
    request.dispose()
    if (acts) throw redactUnsent(thrown, engine.vendor, request.given, ['', engine.init])
    return sendUnobserved(engine, request, (result) => promised.settle(result))
  }
  call.keeper = promised
  promised.call = call
  if (internal === undefined) engine.lifecycle.add(call)
  if (acts) run(call)
  else
    void observe(call).then(
      (result) => promised.end(result),
      (thrown) => promised.end({ type: 'raw', thrown }),
    )
}
