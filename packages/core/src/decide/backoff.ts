import type { Curve, Jitter } from '../contract/policy.ts'
import type { Pace } from '../contract/row.ts'

/** The inputs of a wait. */
export interface BackoffInput {
  readonly pace: Pace
  readonly jitter: Jitter
  readonly curves: Readonly<Record<Pace, Curve>>
  /** Retries made so far. */
  readonly retries: number
  /** The last wait of this call in milliseconds; 0 if there was none. */
  readonly lastWait: number
  random(): number
}

/** Milliseconds to wait before the next retry, when the server has said nothing. */
export function backoff({ pace, jitter, curves, retries, lastWait, random }: BackoffInput): number {
  const { base, limit } = curves[pace]
  const ceiling = Math.min(limit, base * 2 ** Math.min(retries, 30))
  switch (jitter) {
    case 'none':
      return ceiling
    case 'equal':
      return ceiling / 2 + random() * (ceiling / 2)
    case 'decorrelated':
      return Math.min(limit, base + random() * Math.max(0, Math.max(base, lastWait) * 3 - base))
    case 'full':
      return random() * ceiling
  }
}
