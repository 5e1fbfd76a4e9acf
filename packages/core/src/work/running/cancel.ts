import type { Engine } from '../../call/engine.ts'
import { type Answer, ask, askingEngine } from '../polling/ask.ts'
import { questionOf } from '../polling/inquiry.ts'
import type { WorkOrigin } from './failure.ts'

/** The engine for a request that may be sent twice: it is retried as usual, where its answer breaks off as well. */
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
  const answer = await ask(repeatingEngine(engine), questionOf(saved.origin, { method: 'POST', ...request }))
  return answer.type === 'reply' ? undefined : errorIn(answer)
}

function errorIn(answer: Exclude<Answer, { type: 'reply' }>): Error {
  if (answer.type === 'fault') return answer.error()
  if (answer.type === 'refused') return answer.error
  return answer.thrown instanceof Error ? answer.thrown : new Error(String(answer.thrown))
}

/** Milliseconds for clearing away what a server keeps of work. */
const CLEARING = 5_000

/** Clears away what the server keeps of work that has ended: sent once, and nobody waits for it. */
export function clearWork(origin: WorkOrigin): void {
  try {
    clear(origin)
  } catch {
    // A mistake of the vendor's is no reason for its end not to be told.
  }
}

function clear({ engine, knowledge, saved }: WorkOrigin): void {
  const request = knowledge.clear?.(saved.work)
  if (request === undefined) return
  const asking = askingEngine(engine)
  const hurried = { ...asking, policy: { ...asking.policy, timeout: CLEARING, totalTimeout: CLEARING } }
  void ask(hurried, questionOf(saved.origin, { method: 'POST', ...request }))
}
