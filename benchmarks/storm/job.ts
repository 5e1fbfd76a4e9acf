import { contenders } from './contenders/index.ts'
import { courseOf, type Stretch } from './measure/course.ts'
import { type Figures, figuresOf } from './measure/figures.ts'
import { play } from './model/play.ts'
import { scenarios } from './scenarios/index.ts'

/** One contender in one scenario. */
export interface Job {
  readonly scenario: string
  readonly contender: string
  readonly seed: number
  /** Number of clients, in place of the scenario's own. */
  readonly clients: number | undefined
  readonly tree: string | undefined
}

/** Result of a job. */
export interface Result {
  readonly scenario: string
  readonly contender: string
  readonly figures: Figures
  readonly course: readonly Stretch[]
  /** Milliseconds of real time. */
  readonly took: number
}

/** Plays; `undefined` for a contender that does not exist in the measured code. */
export async function runJob({ clients, ...job }: Job): Promise<Result | undefined> {
  const known = scenarios.find(({ name }) => name === job.scenario)
  const contender = contenders.find(({ name }) => name === job.contender)
  if (known === undefined || contender === undefined)
    throw new Error(`There is no ${job.scenario} or ${job.contender}.`)
  const startedAt = process.hrtime.bigint()
  const played = await play(clients === undefined ? known : { ...known, clients }, contender, job)
  if (played === undefined) return undefined
  const took = Number(process.hrtime.bigint() - startedAt) / 1e6
  return { scenario: known.name, contender: contender.name, figures: figuresOf(played), course: courseOf(played), took }
}
