import { outerCall } from '../../act/outer-call.ts'
import type { Permit } from '../../admit/permit.ts'
import { markDoubtful, takenReply } from '../../attempt/reply.ts'
import type { Call } from '../../call/call.ts'
import { systemClock } from '../../contract/clock.ts'
import type { Changes } from '../../contract/request.ts'
import { operationOf } from '../../request/operation.ts'
import { latenciesOf } from '../../state/latencies.ts'
import { sendWithin } from '../../state/outer-attempt.ts'
import { race } from './race.ts'

/** Sends a request once. */
export type SendOnce = (changes: Changes) => Promise<Response>

/** Shortest delay of a hedge, in milliseconds: a shorter one is not worth a request. */
const LEAST = 10

/**
 * Makes the function that sends an attempt with a hedge: a second time, if its answer is later than most. `undefined` if there must
 * be no hedge: the request may not be repeated, its body cannot be sent twice, it is a retry, nothing is known of the service
 * yet, or an outer call has a hedge.
 */
export function hedgeOf(call: Call): SendOnce | undefined {
  const { policy, request, attempt, destination } = call
  if (policy.hedge === undefined || attempt > 1 || !request.canBeSentTwice || !call.isRepeatable()) return undefined
  if (isHedgedAround(call)) return undefined
  const latencies = latenciesOf(destination.service)
  const operation = operationOf(destination.target, destination.vendor)
  const once: SendOnce = async (changes) => takenReply(await sendWithin(call, changes))
  let isFirst = true
  return async (changes) => {
    // The target of a redirect is another request, which gets no hedge.
    if (!isFirst) return once(changes)
    isFirst = false
    const { percentile, least } = policy.hedge ?? {}
    const usual = latencies.percentile(operation, percentile ?? 0.95)
    const startedAt = systemClock.now()
    const delay = usual === undefined ? undefined : Math.max(LEAST, least ?? 0, usual)
    const reply = await (delay === undefined ? once(changes) : sendTwice(call, once, changes, delay))
    if (call.isDoubtful) markDoubtful(reply)
    if (reply.status < 500) latencies.add(operation, systemClock.now() - startedAt)
    return reply
  }
}

/** True if an outer call has a hedge: with two hedges, a request would be sent four times. */
function isHedgedAround({ outer = outerCall() }: Call): boolean {
  for (let at = outer; at !== undefined; at = at.outer) if (at.hedge !== undefined) return true
  return false
}

/** Sends a request, and after `delay` once more. The first good answer counts, and the other sending is aborted. */
function sendTwice(call: Call, once: SendOnce, changes: Changes, delay: number): Promise<Response> {
  const { admission } = call.destination.service
  const signal = changes.signal ?? call.signal
  let permit: Permit | undefined
  let sentAt = 0
  const send = (own: AbortSignal) => once({ ...changes, signal: own })
  const sending = race(signal, send, (isSecond, isDoubtful) => {
    cancelTimer()
    call.isDoubtful = isDoubtful
    if (permit === undefined) return
    // The attempt itself records what the answer says about the service.
    admission.release(permit, true)
    if (call.hasObservers) emitHedge(call, { type: 'hedge-ended', won: isSecond, ms: systemClock.now() - sentAt })
  })
  const cancelTimer = systemClock.after(delay, () => {
    permit = takeHedgePermit(call)
    if (permit === undefined) return
    sentAt = systemClock.now()
    if (call.hasObservers) emitHedge(call, { type: 'hedge-started', ms: delay })
    call.request.keepHeaders()
    sending.start()
  })
  sending.start()
  return sending.winner
}

/**
 * The permit for a second sending, from admission like that of every attempt: only if nothing blocks it, no call waits, and the
 * budget has a token for it.
 */
function takeHedgePermit({ destination, isTerminated, closing }: Call): Permit | undefined {
  const { admission } = destination.service
  const { breaker, gate } = admission
  const isHealthy = gate.limit === undefined && (breaker === undefined || breaker.state === 'closed')
  return isHealthy && !isTerminated && !closing.aborted ? admission.enter(systemClock.now(), true) : undefined
}

type HedgeFacts =
  | { readonly type: 'hedge-started'; readonly ms: number }
  | { readonly type: 'hedge-ended'; readonly won: boolean; readonly ms: number }

const emitHedge = (call: Call, facts: HedgeFacts): void =>
  call.emit({ ...call.shown.fields, ...facts, attempt: call.attempt })
