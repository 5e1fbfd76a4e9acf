import { HttpResponse } from 'msw'
import type { Faults, Target } from './faults.ts'
import type { Failure } from './refusal.ts'
import { reply } from './reply.ts'

/** The result of a scripted fault for a request; `undefined` if none stops it. */
export async function applyFault(
  faults: Faults,
  signal: AbortSignal,
  target: Target,
): Promise<Response | Failure | undefined> {
  const effect = faults.match(target)
  if (effect === undefined) return undefined
  if (effect.type === 'failure') return effect.failure
  if (effect.type === 'drop') return HttpResponse.error()
  if (effect.type === 'status') return bare(effect.status, effect.retryAfter)
  await pause(signal, effect.type === 'late' ? effect.ms : undefined)
  return signal.aborted ? HttpResponse.error() : applyFault(faults, signal, target)
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

const bare = (status: number, retryAfter?: number | string) =>
  reply(status, { statusText: '', headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) } })
