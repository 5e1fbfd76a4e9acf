import type { Result } from '../job.ts'

/** The goal of a figure. */
export interface Goal {
  readonly relation: '<=' | '>='
  readonly bound: number
  /** The goal of a figure that is derived from those of several contenders. */
  readonly value?: number
  readonly unit?: string
}

/** A smaller difference is the chance of a run. */
const MARGIN = 0.002

/**
 * Milliseconds from which on a client does not fail fast: if it holds calls back for seconds between their attempts, the service has
 * changed meanwhile. Patience does that, too, and has stricter goals.
 */
const SECONDS = 2_000

const BASELINE = 'no retry'
const OURS = 'holdfast'
const IMPATIENT = 'holdfast, patience 0'
const IDEAL = 'ideal'

/** The goals of one result, compared with the others of its scenario. Other clients have no goals. */
export function goalsOf(result: Result, all: readonly Result[]): Readonly<Record<string, Goal>> {
  if (result.contender === OURS) return { ...common(result, all), ...patient(result, all) }
  if (result.contender === IMPATIENT) return { ...common(result, all), ...impatient(result, all) }
  return {}
}

/** The goals for any patience. */
function common({ figures }: Result, all: readonly Result[]): Record<string, Goal> {
  const raw = all.find(({ contender }) => contender === BASELINE)?.figures.p99
  return {
    ...(figures.load !== undefined && { load: { relation: '<=' as const, bound: 1.1 } }),
    ...(figures.duplicates !== undefined && { duplicates: { relation: '<=' as const, bound: 0 } }),
    ...(figures.extraLogins !== undefined && { extraLogins: { relation: '<=' as const, bound: 0 } }),
    ...(figures.p99 !== undefined &&
      raw !== undefined && { p99: { relation: '<=' as const, bound: round(raw * 1.02) } }),
  }
}

function patient({ figures, scenario }: Result, all: readonly Result[]): Record<string, Goal> {
  const best = all.find(({ contender }) => contender === IDEAL)?.figures
  const better = all.filter(
    ({ contender, figures: other }) =>
      isOthers(contender) &&
      other.success > figures.success + MARGIN &&
      (other.load ?? 0) < (figures.load ?? 0) - MARGIN,
  )
  const share = (value: number): Goal => ({ relation: '>=', bound: round(value * 0.95) })
  return {
    recovery: { relation: '<=', bound: 3 },
    ...(best !== undefined && { success: scenario === '9' ? { relation: '>=', bound: 0.95 } : share(best.success) }),
    ...(best?.important !== undefined && { important: share(best.important) }),
    ...(best?.neighbour !== undefined && { neighbour: share(best.neighbour) }),
    betterOthers: { relation: '<=', bound: 0, value: better.length, unit: 'count' },
  }
}

function impatient(_: Result, all: readonly Result[]): Record<string, Goal> {
  const others = all
    .filter(({ contender, figures }) => isOthers(contender) && figures.held < SECONDS)
    .map(({ figures }) => figures.success)
  return others.length === 0 ? {} : { success: { relation: '>=', bound: round(Math.max(...others)) } }
}

const isOthers = (contender: string): boolean => ![OURS, IMPATIENT, IDEAL].includes(contender)

const round = (value: number): number => Math.round(value * 1e4) / 1e4
