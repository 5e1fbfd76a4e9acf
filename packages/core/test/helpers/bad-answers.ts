import type { LoadSign } from '../../src/admit/limit/evidence.ts'
import type { BadAnswer } from '../../src/admit/limit/inputs.ts'

/** A refusal, as the gate learns it. */
export const badSign: LoadSign = {
  load: 'bad',
  ms: 1,
  isConnectionFault: false,
  isSlow: false,
  isTimedOut: false,
  isUnreachable: false,
  hint: undefined,
  isThrottle: false,
}

/** A throttle, as a limit learns it. */
export const throttle: Omit<BadAnswer, 'now'> = {
  isUnreachable: false,
  isWeak: false,
  isThrottle: true,
  isQueued: false,
  isOld: false,
  needed: 2,
}
