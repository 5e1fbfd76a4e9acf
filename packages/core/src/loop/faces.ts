import type { CallOptions } from '../contract/policy.ts'
import type { ErrorRow } from '../contract/row.ts'
import { refusedError } from '../error/refused-error.ts'
import { isVendorError, type VendorError } from '../error/vendor-error.ts'
import { checkCallOptions } from '../options/options.ts'
import { withDefaults } from '../request/defaults.ts'
import { Message } from '../request/message.ts'
import { Call } from './call.ts'
import type { Ending, Failure } from './ending.ts'
import type { Engine } from './engine.ts'
import { run } from './loop.ts'
import { observe } from './observe.ts'
import { readAhead } from './read-ahead.ts'
import { toError } from './to-error.ts'

/** What `fetch` takes, with this library's options for the call. */
export type ResilientInit<Row extends ErrorRow = ErrorRow> = RequestInit & { readonly resilience?: CallOptions<Row> }

/** Marks the engine's own requests, and names the strings that must not stand in their errors. */
type Own = () => readonly string[]

const failures = new WeakMap<Response, Failure>()
const riders = new WeakMap<Request, CallOptions>()

/** Gives a `Request` options of its own, for code that calls a `fetch` with a `Request` alone. */
export function withResilience<Row extends ErrorRow = ErrorRow>(request: Request, options: CallOptions<Row>): Request {
  riders.set(request, options as CallOptions)
  return request
}

/** The verdict on a reply that `client.fetch` returned, or on an error; `undefined` for a reply that is fine. */
export function failureOf(subject: unknown): VendorError | undefined {
  if (isVendorError(subject)) return subject
  // Any value may be asked for; a reply need not be of the runtime's own class.
  const failure = failures.get(subject as Response)
  return failure && toError(failure, subject as Response)
}

/** Every failure throws. */
export async function callThrowing(
  engine: Engine,
  input: string | URL | Request,
  init?: ResilientInit,
  own?: Own,
): Promise<Response> {
  const ending = await runCall(engine, input, init, own)
  if (ending.type === 'reply') return ending.response
  if (ending.type === 'failure') throw toError(ending.failure, ending.failure.seal())
  throw rejection(ending)
}

/** Every reply is returned. */
export async function callReturning(
  engine: Engine,
  input: string | URL | Request,
  init?: ResilientInit,
): Promise<Response> {
  const ending = await runCall(engine, input, init)
  if (ending.type === 'reply') return ending.response
  if (ending.type !== 'failure') throw rejection(ending)
  const response = ending.failure.open()
  if (response === undefined) throw toError(ending.failure)
  failures.set(response, ending.failure)
  return response
}

const rejection = (ending: Extract<Ending, { type: 'refused' | 'raw' }>): unknown =>
  ending.type === 'raw' ? ending.thrown : refusedError(ending.reason, ending.retryAfter, ending.key)

function runCall(
  engine: Engine,
  input: string | URL | Request,
  init: ResilientInit | undefined,
  own?: Own,
): Promise<Ending> {
  const options = init?.resilience ?? (input instanceof Request ? riders.get(input) : undefined)
  if (options !== undefined) checkCallOptions(options, engine.catalogues)
  const message = new Message(input, withDefaults(engine.init, input, init))
  const ahead = readAhead(engine, message, options?.replayLimit ?? engine.policy.replayLimit)
  return ahead === undefined
    ? start(engine, message, options, own)
    : ahead.then(() => start(engine, message, options, own))
}

function start(
  engine: Engine,
  message: Message,
  options: CallOptions | undefined,
  own: Own | undefined,
): Promise<Ending> {
  const acts = engine.mode === 'act' || own !== undefined
  let call: Call
  try {
    call = new Call(engine, message, options, own)
  } catch (thrown) {
    message.dispose()
    if (acts) throw thrown
    return unobserved(engine, message)
  }
  return acts ? run(call) : observe(call)
}

/** A vendor's mistake leaves nothing to tell by, and must not cost the caller his reply. */
const unobserved = ({ fetch }: Engine, message: Message): Promise<Ending> =>
  fetch(...message.compose(undefined)).then(
    (response) => ({ type: 'reply', response }),
    (thrown) => ({ type: 'raw', thrown }),
  )
