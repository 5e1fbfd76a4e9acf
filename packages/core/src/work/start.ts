import { acceptedOf } from '../act/accept-conflict.ts'
import type { Engine } from '../call/engine.ts'
import { systemClock } from '../contract/clock.ts'
import type { Reply } from '../contract/vendor.ts'
import type { VendorWork, WorkName } from '../contract/work/vendor-work.ts'
import { isVendorError } from '../error/vendor-error.ts'
import { givenRequest, takenInit, unsentCall } from '../given-request.ts'
import { readThrown } from '../http/transport.ts'
import { isObject, parseJson } from '../json.ts'
import { fetchOrThrow, type ResilientInit } from '../loop/fetch.ts'
import { readText } from '../read-text.ts'
import { failureFor } from '../reported-failure.ts'
import type { SentRequest } from '../sent-request.ts'
import { find } from './find.ts'
import { openStartsOf } from './open-starts.ts'
import { withSignal } from './options.ts'
import { succeeded } from './running/end-state.ts'
import { RunningWork } from './running/running-work.ts'
import { emitStarted } from './running/work-events.ts'
import { ENDED, type SavedWork, type WaitOptions, type Work } from './running/work-state.ts'

/** Sends the request that begins work. */
export async function start<Result>(
  engine: Engine,
  knowledge: VendorWork,
  url: string | URL,
  init: ResilientInit,
  options: WaitOptions,
): Promise<Work<Result>> {
  const sent = { ...takenInit(engine, init), url: String(url) } as Exclude<SentRequest, Request>
  const starts = openStartsOf(engine)
  const open = starts.begin(`${sent.url} ${typeof sent.body === 'string' ? sent.body : ''}`)
  const begun: Begun = {
    engine,
    knowledge,
    sent,
    startedAt: systemClock.date(),
    begunAt: open.beganAt,
    options: withSignal({ ...options }, init.signal),
  }
  try {
    const work = await answeredWork<Result>(begun)
    starts.take(work.id)
    return work
  } catch (thrown) {
    if (!isVendorError(thrown) || !thrown.mayBeDone) throw thrown
    open.isAnswered = true
    // A mistake of the vendor's must not hide that something may be under way.
    const found = await find(engine, knowledge, sent, open, begun.options.signal).catch(() => undefined)
    if (found === undefined) throw thrown
    return found.id === ENDED ? endedWork(begun, '') : workOf(begun, found)
  } finally {
    starts.end(open)
  }
}

/** The work that the answer to the start names. */
async function answeredWork<Result>(begun: Begun): Promise<Work<Result>> {
  const { engine, knowledge, sent } = begun
  const response = await fetchOrThrow(engine, sent.url, sent)
  // If the wanted state holds already, no work begins, and the reply is not the server's.
  if (acceptedOf(response) !== undefined) return endedWork(begun, '')
  const reply = await replyTo(engine, sent, response)
  const work = begunBy(knowledge, reply)
  if (work === undefined) return endedWork(begun, reply.text)
  if (!('fault' in work)) return workOf(begun, work)
  throw await failureFor(engine, work.fault, sent, { outcome: 'unknown', response: new Response(reply.text) })
}

/** The work that a success began, by the vendor. An exception of its function must not hide that work may be under way. */
function begunBy(knowledge: VendorWork, reply: Reply): ReturnType<VendorWork['begun']> {
  let message = 'the work that was begun has no identifier'
  try {
    const work = knowledge.begun(reply)
    if (work === undefined || isNamed(work)) return work
  } catch (thrown) {
    message = thrown instanceof Error ? thrown.message : String(thrown)
  }
  return { fault: { code: 'WORK_LOST', message } }
}

const isNamed = (work: unknown): boolean => isObject(work) && ('fault' in work || typeof work.id === 'string')

/** Reads a whole answer. If it breaks off, the outcome is unknown, because the server had accepted the request. */
async function replyTo(engine: Engine, sent: Exclude<SentRequest, Request>, response: Response): Promise<Reply> {
  try {
    const text = await readText(engine, response, sent)
    const { facts } = givenRequest(engine, sent).request
    return { status: response.status, headers: response.headers, text, complete: true, request: facts }
  } catch (cause) {
    if (sent.signal?.aborted || !(cause instanceof Error)) throw cause
    const read = readThrown(cause, cause.name === 'TimeoutError')
    const message = `The answer broke off: ${cause.message}`
    throw await failureFor(engine, { code: 'NETWORK_ERROR', ...read, message }, sent, { outcome: 'unknown', cause })
  }
}

interface Begun {
  readonly engine: Engine
  readonly knowledge: VendorWork
  readonly sent: Exclude<SentRequest, Request>
  readonly startedAt: number
  readonly begunAt: number
  readonly options: WaitOptions
}

function workOf<Result>(begun: Begun, work: WorkName): Work<Result> {
  const origin = { ...begun, saved: savedOf(begun, work) }
  emitStarted(origin)
  return new RunningWork<Result>(origin, begun.options)
}

/** Work that ended with the answer to its start, or without one. */
const endedWork = <Result>(begun: Begun, text: string): Work<Result> =>
  new RunningWork<Result>(
    { ...begun, saved: savedOf(begun, { id: ENDED }) },
    begun.options,
    succeeded((text === '' ? undefined : (parseJson(text) ?? text)) as Result),
  )

function savedOf({ engine, knowledge, sent, startedAt }: Begun, work: WorkName): SavedWork {
  const { request, options } = givenRequest(engine, sent)
  const shown = unsentCall(engine, request, options).shown.request
  return { vendor: knowledge.vendor, origin: request.facts.origin, work, ...shown, startedAt }
}
