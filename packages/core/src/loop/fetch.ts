import { endClosed } from '../act/end-call.ts'
import { Call } from '../call/call.ts'
import type { CallResult } from '../call/call-result.ts'
import type { Engine, InternalCall } from '../call/engine.ts'
import { emitCallEnded } from '../call/events.ts'
import { prereadBody } from '../call/preread-body.ts'
import { redactUnsent } from '../call/redact-rejection.ts'
import { toError } from '../call/to-error.ts'
import type { CallOptions } from '../contract/policy.ts'
import type { ErrorRow } from '../contract/row.ts'
import { refusedError } from '../error/refused-error.ts'
import { cancelBody } from '../request/cancel-body.ts'
import { withDefaults } from '../request/defaults.ts'
import { ReplayableRequest } from '../request/replayable-request.ts'
import { rememberFailure } from './failure-of.ts'
import { run } from './loop.ts'
import { observe } from './observe.ts'

/** The init of `fetch`, with this library's options for the call. */
export type ResilientInit<Row extends ErrorRow = ErrorRow> = RequestInit & { readonly resilience?: CallOptions<Row> }

const requestOptions = new WeakMap<Request, CallOptions>()

/** Gives a `Request` options of its own, for code that calls a `fetch` with a `Request` alone. */
export function withResilience<Row extends ErrorRow = ErrorRow>(request: Request, options: CallOptions<Row>): Request {
  requestOptions.set(request, options as CallOptions)
  return request
}

/** The options that a call is given: in its init, or with its `Request`. */
export const optionsOf = (input: string | URL | Request, init: ResilientInit | undefined): CallOptions | undefined =>
  init?.resilience ?? (input instanceof Request ? requestOptions.get(input) : undefined)

/** Sees a request through; every failure throws. */
export async function fetchOrThrow(
  engine: Engine,
  input: string | URL | Request,
  init?: ResilientInit,
  internal?: InternalCall,
): Promise<Response> {
  const result = await runCall(engine, input, init, internal)
  if (result.type === 'reply') return result.response
  if (result.type === 'failure') throw toError(result.failure, result.failure.buffered())
  throw rejection(result)
}

/** Sees a request through; every reply is returned. */
export async function fetchReply(
  engine: Engine,
  input: string | URL | Request,
  init?: ResilientInit,
): Promise<Response> {
  const result = await runCall(engine, input, init)
  if (result.type === 'reply') return result.response
  if (result.type !== 'failure') throw rejection(result)
  const response = result.failure.live()
  if (response === undefined) throw toError(result.failure)
  rememberFailure(response, result.failure)
  return response
}

const rejection = (result: Extract<CallResult, { type: 'refused' | 'raw' }>): unknown =>
  result.type === 'raw'
    ? result.thrown
    : refusedError(result.reason, result.retryAfter, result.key, result.shownRequest)

/** Sees a request through to whatever its end is. */
export function runCall(
  engine: Engine,
  input: string | URL | Request,
  init: ResilientInit | undefined,
  internal?: InternalCall,
): Promise<CallResult> {
  if (internal === undefined) {
    const aborted = engine.signals.find((signal) => signal.aborted)
    if (aborted !== undefined) {
      cancelBody(input, init, aborted.reason)
      return Promise.resolve({ type: 'raw', thrown: aborted.reason })
    }
  }
  const options = optionsOf(input, init)
  if (options !== undefined) engine.checks.call(options)
  const request = requestOf(engine, input, init)
  const prereading = prereadBody(engine, request, options?.replayLimit ?? engine.policy.replayLimit)
  return prereading === undefined
    ? start(engine, request, options, internal)
    : prereading.then(() => start(engine, request, options, internal))
}

/** @throws what `fetch` would throw, which may quote a header or the URL. */
function requestOf({ init: defaults, vendor }: Engine, input: string | URL | Request, init: ResilientInit | undefined) {
  try {
    return new ReplayableRequest(input, withDefaults(defaults, input, init))
  } catch (thrown) {
    throw redactUnsent(thrown, vendor, [input, init], ['', defaults])
  }
}

function start(
  engine: Engine,
  request: ReplayableRequest,
  options: CallOptions | undefined,
  internal: InternalCall | undefined,
): Promise<CallResult> {
  const acts = engine.mode === 'act' || internal !== undefined
  let call: Call
  try {
    call = new Call(engine, request, options, internal)
  } catch (thrown) {
    request.dispose()
    if (acts) throw redactUnsent(thrown, engine.vendor, request.given, ['', engine.init])
    return sendUnobserved(engine, request)
  }
  if (internal !== undefined) return run(call)
  return supervised(call, acts ? run : observe)
}

/** Runs a call so that its client can end it from outside. */
function supervised(call: Call, runToEnd: (call: Call) => Promise<CallResult>): Promise<CallResult> {
  const { lifecycle } = call.engine
  return new Promise((resolve, reject) => {
    call.terminate = (thrown) => resolve(terminateCall(call, thrown))
    lifecycle.add(call)
    runToEnd(call).then(
      (result) => {
        lifecycle.remove(call)
        if (result.type === 'raw' && call.signal?.aborted) call.request.cancelUnsent(result.thrown)
        resolve(result)
      },
      (thrown) => {
        lifecycle.remove(call)
        reject(thrown)
      },
    )
  })
}

/** Ends a call from outside, with a reason of its client's where there is one. */
function terminateCall(call: Call, thrown: { readonly reason: unknown } | undefined): CallResult {
  const result: CallResult = thrown === undefined ? endClosed(call) : { type: 'raw', thrown: thrown.reason }
  if (thrown !== undefined) call.request.cancelUnsent(thrown.reason)
  call.request.dispose()
  if (call.hasObservers) emitCallEnded(call, result, call.engine.clock.now() - call.startedAt)
  call.isTerminated = true
  call.engine.lifecycle.remove(call)
  call.attemptDeadline?.giveUp(call.closing.reason)
  return result
}

/** Sends a request that a vendor's mistake leaves nothing to tell of: it must not cost the caller his reply. */
const sendUnobserved = ({ fetch }: Engine, request: ReplayableRequest): Promise<CallResult> =>
  fetch(...request.given).then(
    (response) => ({ type: 'reply', response }),
    (thrown) => ({ type: 'raw', thrown }),
  )
