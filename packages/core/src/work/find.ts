import type { Engine } from '../call/engine.ts'
import { serverTime } from '../classify/retry-after.ts'
import { systemClock } from '../contract/clock.ts'
import type { Reply } from '../contract/vendor.ts'
import type { VendorWork, WorkName } from '../contract/work/vendor-work.ts'
import { givenRequest } from '../given-request.ts'
import type { SentRequest } from '../sent-request.ts'
import { type Answer, ask, askingEngine } from './polling/ask.ts'
import { questionOf } from './polling/inquiry.ts'
import { Pacing } from './polling/pacing.ts'
import { ENDED } from './running/work-state.ts'

/** Looks for work before it is taken for not found: what was sent may still be on its way. */
const LOOKS = 4
/** Number of looks in a row that must find the wanted state: one answer may come from a replica that lags behind, or a proxy. */
const WITNESSES = 2

/**
 * Looks for the work of a start of which nobody knows whether it was done.
 *
 * @param begunAt monotonic milliseconds at which it was sent.
 * @param signal of the caller that waits for it.
 * @returns the work, if the vendor can tell it from all others; work that has {@link ENDED} where what it was to bring about
 *   is found.
 */
export async function find(
  engine: Engine,
  knowledge: VendorWork,
  sent: Exclude<SentRequest, Request>,
  begunAt: number,
  signal: AbortSignal | undefined,
): Promise<WorkName | undefined> {
  const { request } = givenRequest(engine, sent)
  const { facts } = request
  request.dispose()
  const search = knowledge.find?.(facts)
  if (search === undefined) return undefined
  const pacing = new Pacing('slow', systemClock.random)
  const isAchieved = ({ verdict }: Extract<Answer, { type: 'fault' }>) => knowledge.isAchieved?.(verdict.fault, facts)
  let witnesses = 0
  for (let look = 1; ; look++) {
    const answer = await ask(askingEngine(engine), questionOf(facts.origin, search), signal)
    const found =
      answer.type === 'reply' ? knowledge.found?.(answer.reply, facts, byServer(begunAt, answer.reply)) : undefined
    witnesses = answer.type === 'fault' && isAchieved(answer) ? witnesses + 1 : 0
    if (witnesses === WITNESSES) return { id: ENDED }
    const isOver = (look >= LOOKS && witnesses === 0) || signal?.aborted || engine.closing.aborted
    if (found !== undefined || isOver) return found
    await systemClock.sleep(pacing.next(), signal, engine.closing).catch(() => {})
  }
}

/** The same moment by the server's clock, in milliseconds since the epoch: our own may jump. */
const byServer = (at: number, { headers }: Reply): number =>
  serverTime(headers, systemClock.date) - (systemClock.now() - at)
