import type { Engine } from '../call/engine.ts'
import { serverTime } from '../classify/retry-after.ts'
import { systemClock } from '../contract/clock.ts'
import type { Reply } from '../contract/vendor.ts'
import type { VendorWork, WorkName } from '../contract/work/vendor-work.ts'
import { givenRequest, unsentCall } from '../given-request.ts'
import type { SentRequest } from '../sent-request.ts'
import { type OpenStart, openStartsOf } from './open-starts.ts'
import { mayPass } from './polling/apply-answer.ts'
import { type Answer, ownRequest, pollingEngine, sendOwn } from './polling/own-request.ts'
import { Pacing } from './polling/pacing.ts'
import { ENDED } from './running/work-state.ts'

/** Searches after which work counts as not found: the start may still be on its way. */
const SEARCHES = 4
/** Searches in a row that must find the wanted state: one answer may come from a replica that lags behind, or from a proxy. */
const CONFIRMATIONS = 2

/**
 * Searches for the work of a start with an unknown outcome. In an outage it searches for as long as the call of the start has
 * time.
 *
 * @param open the start, which is told from others of its state.
 * @param signal of the caller that waits for it.
 * @returns the work, if the vendor can tell it from all others; work that has {@link ENDED} if its wanted state is found.
 */
export async function find(
  engine: Engine,
  knowledge: VendorWork,
  sent: Exclude<SentRequest, Request>,
  open: OpenStart,
  signal: AbortSignal | undefined,
): Promise<WorkName | undefined> {
  const { request, options } = givenRequest(engine, sent)
  const { facts } = request
  const search = knowledge.find?.(facts)
  if (search === undefined) return undefined
  const { deadlineAt, startedAt } = unsentCall(engine, request, options)
  const deadline = open.beganAt + (deadlineAt - startedAt)
  const pacing = new Pacing('slow')
  const starts = openStartsOf(engine)
  const isTaken = (id: string) => starts.isTaken(id)
  const foundIn = (answer: Answer) =>
    answer.type === 'reply'
      ? knowledge.found?.(answer.reply, facts, byServer(open.beganAt, answer.reply), isTaken)
      : undefined
  const isAchieved = (answer: Answer) =>
    answer.type === 'fault' && knowledge.isAchieved?.(answer.verdict.fault, facts) === true
  let confirmations = 0
  for (let count = 1; ; count++) {
    const answer = await sendOwn(pollingEngine(engine), ownRequest(facts.origin, search), signal)
    const found = foundIn(answer)
    if (found !== undefined && starts.claim(open, found.id)) return found
    confirmations = isAchieved(answer) ? confirmations + 1 : 0
    if (confirmations === CONFIRMATIONS) return { id: ENDED }
    const isLast = count >= SEARCHES && confirmations === 0
    const left = found === undefined && !mayPass(answer) ? 0 : deadline - systemClock.now()
    if ((isLast && left <= 0) || signal?.aborted || engine.closing.aborted) return undefined
    await systemClock
      .sleep(isLast ? Math.min(pacing.next(), left) : pacing.next(), signal, engine.closing)
      .catch(() => {})
  }
}

/** The same moment by the server's clock, in milliseconds since the epoch: our own may jump. */
const byServer = (at: number, { headers }: Reply): number => serverTime(headers) - (systemClock.now() - at)
