import type { Clock } from './clock.ts'
import { throttled } from './gateway.ts'
import type { CloudReply } from './reply.ts'

/** The number of requests that a gateway accepts. */
export interface ThrottleOptions {
  /** Requests in a window. */
  readonly limit: number
  /** Milliseconds: whole seconds. A window begins with the first request in it. */
  readonly window: number
}

/** Counts requests and refuses those above the limit. Refused ones count, too. */
export function createThrottle(options: ThrottleOptions | undefined, clock: Clock): () => CloudReply | undefined {
  if (options === undefined) return () => undefined
  const { limit, window } = options
  let began = Number.NEGATIVE_INFINITY
  let count = 0
  return () => {
    if (clock.now() - began >= window) {
      began = clock.now()
      count = 0
    }
    count += 1
    return count > limit ? throttled(limit, inWords(window)) : undefined
  }
}

const units: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

function inWords(ms: number): string {
  const [unit, length] = units.find(([, size]) => ms % size === 0) ?? ['second', 1_000]
  return `${ms / length} ${unit}`
}
