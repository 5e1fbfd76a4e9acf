import { HttpResponse } from 'msw'
import type { Faults, Target } from './faults.ts'
import type { Failure } from './refusal.ts'
import { reply } from './reply.ts'

/** What a scripted fault makes of a request; `undefined` where none stops it. */
export async function meetFault(
  faults: Faults,
  signal: AbortSignal,
  target: Target,
): Promise<Response | Failure | undefined> {
  const blow = faults.strike(target)
  if (blow === undefined) return undefined
  if (blow.type === 'failure') return blow.failure
  if (blow.type === 'drop') return HttpResponse.error()
  if (blow.type === 'status') return bare(blow.status, blow.retryAfter)
  await pause(signal, blow.type === 'late' ? blow.ms : undefined)
  return signal.aborted ? HttpResponse.error() : meetFault(faults, signal, target)
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
