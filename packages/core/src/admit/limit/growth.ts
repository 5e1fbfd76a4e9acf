import { RISING } from './latency.ts'

/** Growth with a good answer, in requests in flight, where just as much is needed as goes out. */
const GROWTH = 0.015
/** The same where answers come as fast as ever: then there is room. */
const GROWTH_IN_ROOM = 0.3
/** Power of the need: whose calls would die grows far faster than who has time. */
const POWER = 4
/** Least and most need that who gets less than before is taken to have. */
const NEED_AS_BEFORE = 1.4
/**
 * Good answers in a row after which the growth begins to grow itself: as many as came in some seconds before. Who asks seldom
 * would not see many before his calls are lost.
 */
const RUN = { seconds: 16, least: 5, most: 24 }
/** Cut with a good answer for each further multiple of a latency that rises, up to one. */
const CUT_WHEN_RISING = 0.1
/** Share of the rate before below which no latency cuts: a service that is slower for another reason keeps so much. */
export const KEPT = 0.25
/** Growth where answers are slow but no slower than recently, as a multiple of the usual one; and the most while they are slow. */
const SLOW_GROWTH = { times: 4, most: 0.2 }
/**
 * Cut with a refusal, in requests in flight; the least and the most of it, by need. A throttle names the load as its cause.
 * What counts for the circuit as well takes less: a gap that grew faster would keep the circuit from seeing enough to open,
 * and its open time is far shorter than a long gap.
 */
const CUT = { mean: 0.5, least: 0.4, most: 0.7 }
const CUT_BY_THROTTLE = { mean: 0.7, least: 0.6, most: 0.9 }

/**
 * Need for more, as a multiple of what goes out.
 *
 * @param needed requests a second with which all who wait go in time.
 * @param before requests a second before the trouble.
 */
export const needOf = (rate: number, needed: number, before: number): number =>
  Math.max(needed / rate, Math.min(NEED_AS_BEFORE, before / rate))

/**
 * Good answers in a row after which the growth grows itself.
 *
 * @param before requests a second before the trouble.
 */
export const longRun = (before: number): number => Math.max(RUN.least, Math.min(RUN.most, RUN.seconds * before))

/**
 * Growth with a good answer, in requests in flight.
 *
 * @param run good answers in a row, as a multiple of a long run.
 */
export const growthOf = (need: number, hasRoom: boolean, run: number): number =>
  Math.min(1, (hasRoom ? GROWTH_IN_ROOM : GROWTH) * need ** POWER * (1 + run ** 2))

/** The circumstances of a good answer. */
interface Circumstances {
  /** Growth for the need alone; none if fewer are in flight than may be. */
  readonly growth: number
  /** Latency as a multiple of the least recently. */
  readonly excess: number
  /** True if latency may cut. */
  readonly isKept: boolean
  /** True if it came so slowly that more requests may be unwise. */
  readonly isSlow: boolean
  /** True if more goes out than slow answers allow to ask for. */
  readonly isEnough: boolean
}

/** Change with a good answer, in requests in flight. */
export function changeOf({ growth, excess, isKept, isSlow, isEnough }: Circumstances): number {
  const rises = excess > RISING
  const cut = rises && isKept ? CUT_WHEN_RISING * Math.min(1, excess - RISING) : 0
  if (!isSlow) return growth - cut
  return isEnough || cut > 0 ? -cut : Math.min(SLOW_GROWTH.most, SLOW_GROWTH.times * growth)
}

/** Cut with a refusal, in requests in flight. */
export function cutOf(need: number, isThrottle: boolean): number {
  const { mean, least, most } = isThrottle ? CUT_BY_THROTTLE : CUT
  return Math.max(least, Math.min(most, mean / Math.sqrt(need)))
}
