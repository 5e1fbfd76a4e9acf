import { type Row, rowOf } from '../src/row.ts'
import type { Figure } from './figure.ts'

/** The goals, by the name of the figure: upper limits. */
const GOALS: Readonly<Record<string, number>> = {
  'success, bytes: holdfast, no limits': 1_600,
  'success, promises: holdfast, no limits': 6,
  'success, timers: holdfast, no limits': 0,
  'success, time added: holdfast, no limits': 500,
  'success, bytes: holdfast, defaults': 2_200,
  'success, promises: holdfast, defaults': 6,
  'success, timers: holdfast, defaults': 0,
  'success, time added: holdfast, defaults': 1_000,
  'refusal: holdfast, open circuit': 1_100,
  'refusal: holdfast, no place in the line': 1_100,
  'key: idle': 768,
  'key: failed once': 1_024,
  'expired session: logins for 1,000 callers': 1,
  'expired session: time of a caller': 15,
  'expired session: bytes of a caller': 16_000,
  'import: holdfast core': 15,
  'import: holdfast csbs': 30,
  'import: holdfast vbs': 30,
}

/** Microseconds of a failed attempt with its retry. */
const RETRY = 15

/** The most that each of these may cost in addition to the defaults. */
const MORE = { 'success, bytes': 600, 'success, time added': 400 } as const
const EXTRAS = ["caller's signal", 'JSON POST', 'one observer', 'vSphere session']

/** Figures that must not be larger than another of the same run. */
const NO_MORE_THAN: Readonly<Record<string, string>> = {
  'success, bytes: holdfast, no limits': 'success, bytes: cockatiel',
  'success, time added: holdfast, no limits': 'success, time added: cockatiel',
}

/** The figures of a run, with those derived from several of them, and the goal of each. */
export function rowsOf(figures: readonly Figure[]): readonly Row[] {
  const found = new Map(figures.map(({ name, value }) => [name, value]))
  const own = figures.map((figure) => rowOf(figure, goalOf(figure.name, found)))
  const added = Object.entries(MORE).flatMap(([what, goal]) =>
    EXTRAS.flatMap((extra) => {
      const [more, base] = [found.get(`${what}: holdfast, ${extra}`), found.get(`${what}: holdfast, defaults`)]
      if (more === undefined || base === undefined) return []
      const unit = what === 'success, bytes' ? 'B' : 'ns'
      return [rowOf({ name: `${what}, more than the defaults: ${extra}`, value: more - base, unit }, goal)]
    }),
  )
  return [...own, ...added]
}

function goalOf(name: string, found: ReadonlyMap<string, number>): number | undefined {
  if (name.startsWith('retry after') && name.endsWith(': holdfast')) return RETRY
  const own = GOALS[name]
  const other = found.get(NO_MORE_THAN[name] ?? '')
  return own === undefined || other === undefined ? own : Math.min(own, other)
}
