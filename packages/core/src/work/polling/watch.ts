import type { Engine } from '../../call/engine.ts'
import type { VendorWork, WorkName, WorkReport } from '../../contract/work/vendor-work.ts'
import type { Answer, Question } from './ask.ts'

/** A refusal of a question. */
export type Refusal = Extract<Answer, { readonly type: 'fault' }>

/** The effect of an answer on a watch: it has ended, it goes on, or the answer is of no use. */
export type Effect = 'ended' | 'again' | 'useless'

/** Something that is polled until it ends. */
interface AnyWatch {
  /** The engine of the client that waits. */
  readonly engine: Engine
  /** The origin that is asked, unless another endpoint of its service has taken over. */
  readonly origin: string
  /** Monotonic milliseconds at which the next question is due. */
  dueAt: number
  /** Refusals in a row that time does not change. */
  refusals: number
  /** Monotonic milliseconds of the first of the useless answers in a row; absent after one of use. */
  uselessSince?: number | undefined
  /** Milliseconds until the question after this one. */
  nextWait(): number
  /** Ends it, because nothing will be found out any more. */
  giveUp(answer: Answer): void
}

/** A piece of work, which is polled together with others. */
export interface WorkWatch extends AnyWatch {
  readonly knowledge: VendorWork
  /** The name by which it is polled. */
  work: WorkName
  /** True if it must be polled alone once, because it was missing from an answer about several. */
  isAlone: boolean
  /** True where the last answer about it alone was that the server does not know it. */
  isUnknown: boolean
  /** Questions so far. */
  readonly asked: number
  /** True once the server has told of a change by itself, so that questions may be rare. */
  isHeard: boolean
  /** Takes a report, with the refusal that told it where there was one. */
  take(report: WorkReport, refusal?: Refusal): Effect
}

/** A state that somebody waits for, with a question of its own. */
export interface StateWatch extends AnyWatch {
  readonly question: Question
  take(answer: Answer): Effect
}

export type Watch = WorkWatch | StateWatch

export const isWorkWatch = (watch: Watch): watch is WorkWatch => 'work' in watch

/** The works that one question may be about. */
export const groupOf = ({ knowledge, work }: WorkWatch): string => `${knowledge.vendor} ${work.group ?? ''}`

/** Works, each of them once: several may wait for the same one. */
export const distinct = (works: readonly WorkName[]): readonly WorkName[] => [
  ...new Map(works.map((work) => [work.id, work])).values(),
]
