import { Session } from 'node:inspector'

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

interface Script {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly Range[] }[]
}

/** The characters that ran since the last look, by the URL of their script. */
export type Ran = ReadonlyMap<string, Uint8Array>

/** A character of a script. */
export interface Spot {
  readonly url: string
  readonly at: number
}

/** Watches which parts of the project's sources run, block by block, by V8's own coverage. */
export class Coverage {
  readonly #session = new Session()
  readonly #covered = new Map<string, Uint8Array>()
  readonly #watched: (url: string) => boolean

  constructor(watched: (url: string) => boolean) {
    this.#watched = watched
    this.#session.connect()
    this.#post('Profiler.enable')
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** The code that ran since the last call. */
  take(): Ran {
    const { result } = this.#post('Profiler.takePreciseCoverage') as { readonly result: readonly Script[] }
    const ran = new Map<string, Uint8Array>()
    for (const { url, functions } of result) if (this.#watched(url)) ran.set(url, painted(functions))
    return ran
  }

  /** The first character of each stretch that ran for the first time. */
  newIn(ran: Ran): readonly Spot[] {
    return [...ran].flatMap(([url, now]) => {
      const before = this.#covered.get(url)
      const isNew = (at: number) => now[at] === 1 && before?.[at] !== 1
      const spots: Spot[] = []
      for (let at = now.indexOf(1); at >= 0 && at < now.length; at++) {
        if (isNew(at) && (at === 0 || !isNew(at - 1))) spots.push({ url, at })
      }
      return spots
    })
  }

  /** Counts what ran as covered. */
  add(ran: Ran): void {
    for (const [url, now] of ran) {
      const before = this.#covered.get(url) ?? new Uint8Array(now.length)
      for (let at = 0; at < now.length; at++) if (now[at] === 1) before[at] = 1
      this.#covered.set(url, before)
    }
  }

  /** Share of the characters of these scripts that ran, and their number. */
  share(counts: (url: string) => boolean): { readonly share: number; readonly all: number } {
    const scripts = [...this.#covered].filter(([url]) => counts(url)).map(([, covered]) => covered)
    const all = scripts.reduce((sum, { length }) => sum + length, 0)
    const run = scripts.reduce((sum, covered) => sum + covered.reduce((one, other) => one + other, 0), 0)
    return { share: all === 0 ? 0 : run / all, all }
  }

  #post(method: string, params?: object): unknown {
    let answer: unknown
    this.#session.post(method, params, (error, result) => {
      if (error !== null) throw new Error(`${method}: ${error.message}`)
      answer = result
    })
    return answer
  }
}

/** Inner functions and blocks come after what they lie in, and have the last word. */
function painted(functions: Script['functions']): Uint8Array {
  const ranges = functions.flatMap((one) => one.ranges)
  const ran = new Uint8Array(ranges.reduce((end, { endOffset }) => Math.max(end, endOffset), 0))
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  return ran
}
