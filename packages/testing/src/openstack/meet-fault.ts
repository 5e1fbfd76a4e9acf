import type { Faults } from './faults.ts'
import { Refusal } from './refusal.ts'
import type { CloudReply } from './reply.ts'

/** What a scripted fault makes of a request: an answer, a refusal to be written, a closed connection; or nothing. */
export async function meetFault(
  faults: Faults,
  request: Request,
  when: 'before' | 'after',
): Promise<CloudReply | Refusal | 'drop' | undefined> {
  const blow = faults.strike(request, when)
  if (blow === undefined) return undefined
  if (blow.type === 'failure') return new Refusal(blow.code, blow.message, blow.status)
  if (blow.type === 'reply') return blow.reply
  if (blow.type === 'drop') return 'drop'
  await pause(request.signal, blow.type === 'late' ? blow.ms : undefined)
  return request.signal.aborted ? 'drop' : meetFault(faults, request, when)
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
