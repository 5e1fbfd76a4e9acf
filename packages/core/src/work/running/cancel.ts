import type { Engine } from '../../call/engine.ts'
import { type Answer, ownRequest, pollingEngine, sendOwn } from '../polling/own-request.ts'
import type { WorkOrigin } from './failure.ts'

/** The engine for a request that may be sent twice: it is retried as usual, also if its answer breaks off. */
const repeatingEngine = (engine: Engine): Engine => ({
  ...engine,
  policy: { ...engine.policy, idempotent: true, onConflict: undefined, acceptAchieved: false, bodyNeed: 'whole' },
})

/**
 * Asks the server to cancel.
 *
 * @returns the refusal, if it was refused.
 * @throws {TypeError} where the API cannot cancel such work.
 */
export async function cancelWork({ engine, knowledge, saved }: WorkOrigin): Promise<Error | undefined> {
  const request = knowledge.cancel?.(saved.work)
  if (request === undefined) throw new TypeError(`${saved.vendor} cannot cancel ${saved.operation}.`)
  const answer = await sendOwn(repeatingEngine(engine), ownRequest(saved.origin, { method: 'POST', ...request }))
  return answer.type === 'reply' ? undefined : errorIn(answer)
}

function errorIn(answer: Exclude<Answer, { type: 'reply' }>): Error {
  if (answer.type === 'fault') return answer.error()
  if (answer.type === 'refused') return answer.error
  return answer.thrown instanceof Error ? answer.thrown : new Error(String(answer.thrown))
}

/** Milliseconds for deleting the server's record of work. */
const CLEARING = 5_000

/** Deletes the server's record of work that has ended: sent once, and nobody waits for it. */
export function clearWork(origin: WorkOrigin): void {
  try {
    clear(origin)
  } catch {
    // A bug of the vendor's must not hide the end of the work.
  }
}

function clear({ engine, knowledge, saved }: WorkOrigin): void {
  const request = knowledge.clear?.(saved.work)
  if (request === undefined) return
  const polling = pollingEngine(engine)
  const hurried = { ...polling, policy: { ...polling.policy, timeout: CLEARING, totalTimeout: CLEARING } }
  void sendOwn(hurried, ownRequest(saved.origin, { method: 'POST', ...request }))
}
