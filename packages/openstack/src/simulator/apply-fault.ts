import type { Faults } from './faults.ts'
import { Refusal } from './refusal.ts'
import type { CloudReply } from './reply.ts'

/** The result of a scripted fault for a request: an answer, a refusal to be written, a closed connection; or nothing. */
export async function applyFault(
  faults: Faults,
  request: Request,
  when: 'before' | 'after',
): Promise<CloudReply | Refusal | 'drop' | undefined> {
  const effect = faults.match(request, when)
  if (effect === undefined) return undefined
  if (effect.type === 'failure') return new Refusal(effect.code, effect.message, effect.status)
  if (effect.type === 'reply') return effect.reply
  if (effect.type === 'drop') return 'drop'
  await pause(request.signal, effect.type === 'late' ? effect.ms : undefined)
  return request.signal.aborted ? 'drop' : applyFault(faults, request, when)
}

function pause(signal: AbortSignal, ms?: number): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
    const stop = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
