import { RISING } from './latency.ts'

/** Growth with a good answer, in requests in flight, if the needed rate is the present one. */
const GROWTH = 0.015
/** The same if answers are as fast as ever, so that there is room. */
const GROWTH_IN_ROOM = 0.3
/** The most of it while a pace is kept with many requests in flight: then there are many answers a second to grow by. */
const GROWTH_AT_PACE = 0.02
/** Power of the need: a client whose calls would miss their deadlines grows far faster than one with time. */
const POWER = 4
/** Least and most need of a client whose rate is lower than before. */
const NEED_AS_BEFORE = 1.4
/**
 * Good answers in a row after which the growth itself begins to grow: as many as came in some seconds before. A client that
 * sends few requests would not see many before its calls miss their deadlines.
 */
const RUN = { seconds: 16, least: 5, most: 24 }
/** Cut with a good answer for each multiple by which the latency has risen, up to one. */
const CUT_WHEN_RISING = 0.1
/** Share of the rate before, below which latency cuts no further: the service may be slower for another reason. */
export const KEPT = 0.25
/** Growth while answers are slow but no slower than recently, as a multiple of the usual growth; and the most of it. */
const SLOW_GROWTH = { times: 4, most: 0.2 }
/**
 * Cut with a refusal, in requests in flight, and the least and the most of it, by need. A throttle cuts more, because it names
 * load as its cause. Other refusals count for the circuit as well and cut less: with a gap that grew faster, the circuit would
 * not see enough failures to open, and its open time is far shorter than a long gap.
 */
const CUT = { mean: 0.5, least: 0.4, most: 0.7 }
const CUT_BY_THROTTLE = { mean: 0.7, least: 0.6, most: 0.9 }

/**
 * The need for a higher rate, as a multiple of the present rate.
 *
 * @param needed requests a second with which all waiting calls meet their deadlines.
 * @param before requests a second before the trouble.
 */
export const needOf = (rate: number, needed: number, before: number): number =>
  Math.max(needed / rate, Math.min(NEED_AS_BEFORE, before / rate))

/**
 * Good answers in a row after which the growth itself grows.
 *
 * @param before requests a second before the trouble.
 */
export const longRun = (before: number): number => Math.max(RUN.least, Math.min(RUN.most, RUN.seconds * before))

/**
 * Growth with a good answer, in requests in flight.
 *
 * @param run good answers in a row, as a multiple of a long run.
 */
export const growthOf = (need: number, hasRoom: boolean, isPaced: boolean, run: number): number => {
  const growth = (hasRoom ? GROWTH_IN_ROOM : GROWTH) * need ** POWER
  return Math.min(1, (isPaced ? Math.min(GROWTH_AT_PACE, growth) : growth) * (1 + run ** 2))
}

/** The circumstances of a good answer. */
interface Circumstances {
  /** Growth by the need alone; 0 if fewer requests are in flight than the limit allows. */
  readonly growth: number
  /** Latency as a multiple of the least recent one. */
  readonly excess: number
  /** True if latency may cut. */
  readonly isKept: boolean
  /** True if the answer was so slow that the limit must not grow freely. */
  readonly isSlow: boolean
  /** True if the rate is enough, so that slow answers must not raise it. */
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
