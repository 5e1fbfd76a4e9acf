import { type SentRequest, systemClock, type TimeLimits } from '@holdfast/core/plugin'
import { encodeCall } from './encode-call.ts'
import { FORMATS, type PoolFormat } from './format-fallback.ts'
import { isRead, takesSession } from './methods.ts'
import { sessionPlaceholder } from './placeholder.ts'
import { type AnswerClient, mayBeReadLater, readWholeAnswer, unreadError, type WholeAnswer } from './whole-answer.ts'
import type { Format } from './wire/call.ts'

/** Options of the engine that the caller reads, too. */
export interface CallSettings {
  readonly retry?: { readonly limit?: number } | number | false
  readonly timeout?: number | false
  readonly totalTimeout?: number | false
  readonly idempotent?: boolean
  readonly mode?: 'act' | 'observe'
}

/** Options of one call. All but the signal are passed to the engine. */
export type GivenSettings = Omit<CallSettings, 'mode'> & { readonly signal?: AbortSignal }

/** The parts of the engine's client that a caller needs. */
export interface CallerClient extends AnswerClient {
  (url: string, init: RequestInit & { readonly resilience: CallSettings }): Promise<Response>
  timeLimits(request: SentRequest): TimeLimits
}

/** Arguments of {@link makeCaller}. */
export interface CallerOptions {
  readonly client: CallerClient
  /** Origin of the pool. */
  readonly origin: string
  readonly format: PoolFormat
  /** Bytes of the longest answer that is read. */
  readonly answerLimit: number | undefined
  /** The client's own options. */
  readonly defaults: CallSettings
  /** True for an error that says that nothing was sent. */
  readonly isRefused: (error: unknown) => boolean
}

/** A call by its method and all parameters but the session. */
export interface MethodCall {
  readonly method: string
  readonly params: readonly unknown[]
}

/** Calls methods of a pool. */
export interface Caller {
  /** Calls a method and returns its value. */
  call(call: MethodCall, given: GivenSettings): Promise<unknown>
  /** The request of a call, as it would be sent. */
  request(call: MethodCall): { readonly url: string; readonly method: string; readonly body: string }
  /** Begins a method as a task: sends the call by another function than the client itself. */
  begin<Begun>(call: MethodCall, given: GivenSettings, send: (request: PoolRequest) => Promise<Begun>): Promise<Begun>
  /** Sends a call in the format that the pool accepts. */
  askIn<Answer>(ask: (format: Format) => Promise<Answer>): Promise<Answer>
}

/**
 * Makes a caller. It reads whole answers, because the engine passes a success on as soon as its beginning shows one. If an answer
 * cannot be read, a call that only reads is sent once more.
 */
export function makeCaller(options: CallerOptions): Caller {
  const { client, origin, format: ofPool, answerLimit, defaults, isRefused } = options

  const askIn = async <Answer>(ask: (format: Format) => Promise<Answer>): Promise<Answer> =>
    (await ofPool.send(ask)).reply

  const callMethod = async (call: MethodCall, given: GivenSettings): Promise<unknown> => {
    const { signal: _, ...settings } = given
    const requestIn = requestsOf(origin, call, given)
    const until = systemClock.now() + client.timeLimits(requestIn(ofPool.usual)).totalTimeout

    const ask = async (resilience: CallSettings): Promise<WholeAnswer> => {
      const send = (format: Format) => client(requestIn(format).url, { ...requestIn(format), resilience })
      const { format, reply } = await ofPool.send(send)
      return readWholeAnswer(client, reply, requestIn(format), { until, maxBytes: answerLimit })
    }

    let answer = await ask(settings)
    const left = until - systemClock.now()
    if (mayBeReadLater(answer) && left > 0 && mayRepeat(call.method, { ...defaults, ...settings })) {
      try {
        answer = await ask(within(left, settings))
      } catch (error) {
        if (given.signal?.aborted || (tells(error, call.method) && !isRefused(error))) throw error
      }
    }
    if (answer.type === 'value') return answer.value
    throw await unreadError(client, requestIn(ofPool.usual), call.method, answer)
  }

  return {
    call: callMethod,
    request: (call) => requestsOf(origin, call, {})(ofPool.usual),
    begin(call, given, send) {
      const requestIn = requestsOf(origin, call, given)
      return askIn((format) => send(requestIn(format)))
    },
    askIn,
  }
}

/** The time limits for what is left of a call's time. */
function within(left: number, settings: CallSettings): CallSettings {
  if (left === Number.POSITIVE_INFINITY) return settings
  const { timeout } = settings
  return { ...settings, totalTimeout: left, ...(typeof timeout === 'number' && { timeout: Math.min(timeout, left) }) }
}

/** True for an error of the second request that holds for both: the first one, whose answer could not be read, may be done. */
const tells = (error: unknown, method: string): boolean =>
  isRead(method) || (error as { readonly mayBeDone?: unknown } | null)?.mayBeDone === true

/** The request of a call. */
export type PoolRequest = ReturnType<typeof writeRequest>

/** Makes the writer of a call's requests, which writes each format once. */
function requestsOf(origin: string, call: MethodCall, given: GivenSettings): (format: Format) => PoolRequest {
  const written = new Map<Format, PoolRequest>()
  return (format) => {
    const request = written.get(format) ?? writeRequest(origin, format, call, given)
    written.set(format, request)
    return request
  }
}

function writeRequest(origin: string, format: Format, { method, params }: MethodCall, given: GivenSettings) {
  const { signal, ...resilience } = given
  const { path, type } = FORMATS[format]
  const body = encodeCall(format, method, takesSession(method) ? [sessionPlaceholder, ...params] : params)
  const headers = { 'content-type': type }
  return { url: origin + path, method: 'POST', headers, body, ...(signal && { signal }), resilience }
}

/** True for reads, and for calls that the user declares repeatable, unless nothing is to be repeated. */
function mayRepeat(method: string, { retry, idempotent, mode }: CallSettings): boolean {
  const limit = typeof retry === 'object' ? retry.limit : retry
  return (idempotent ?? isRead(method)) && limit !== false && limit !== 0 && mode !== 'observe'
}
