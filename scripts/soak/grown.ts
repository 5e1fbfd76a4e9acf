/** Numbers of objects that a process has at one time. */
export interface Sample {
  /** Bytes after a collection. */
  readonly heap: number
  readonly services: number
  readonly sessions: number
  readonly observers: number
  readonly timers: number
  readonly sockets: number
  readonly listeners: number
}

/** Growth of the median that is chance: of a whole, and in numbers of its own. */
const SLACK: Readonly<Record<keyof Sample, readonly [share: number, more: number]>> = {
  heap: [0.1, 2_000_000],
  services: [0.5, 5],
  sessions: [0.5, 20],
  observers: [0.5, 128],
  timers: [0.5, 20],
  sockets: [0.5, 20],
  listeners: [0.5, 5],
}

/** The things of which there are more in the last third than in the middle one. The first is for warming up. */
export function grown(samples: readonly Sample[]): string[] {
  const third = Math.floor(samples.length / 3)
  return (Object.keys(SLACK) as (keyof Sample)[]).flatMap((name) => {
    const [share, more] = SLACK[name]
    const of = (from: number, to: number) => median(samples.slice(from, to).map((sample) => sample[name]))
    const [before, after] = [of(third, 2 * third), of(2 * third, samples.length)]
    return after > before * (1 + share) + more ? [`${name} grew from ${before} to ${after}`] : []
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
