import type { Curve, Jitter } from '../contract/policy.ts'

/** The inputs of a wait. */
export interface BackoffInput {
  readonly curve: Curve
  readonly jitter: Jitter
  /** Retries so far; for a busy object, the retries for busy objects. */
  readonly retries: number
  /** The last wait of this call in milliseconds; 0 if there was none. */
  readonly lastWait: number
  random(): number
}

/** Milliseconds to wait before the next retry, if the server has not said how long. */
export function backoff({ curve: { base, limit }, jitter, retries, lastWait, random }: BackoffInput): number {
  const ceiling = Math.min(limit, base * 2 ** retries)
  switch (jitter) {
    case 'none':
      return ceiling
    case 'equal':
      return ceiling / 2 + random() * (ceiling / 2)
    case 'decorrelated':
      return Math.min(limit, base + random() * (Math.max(base, lastWait) * 3 - base))
    case 'full':
      return random() * ceiling
  }
}
