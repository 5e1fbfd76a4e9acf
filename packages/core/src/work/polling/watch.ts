import type { Engine } from '../../call/engine.ts'
import type { VendorWork, WorkName, WorkReport } from '../../contract/work/vendor-work.ts'
import type { Answer, OwnRequest } from './own-request.ts'

/** A refusal of a poll. */
export type Refusal = Extract<Answer, { readonly type: 'fault' }>

/** The effect of an answer on a watch: it has ended, it goes on, or the answer says nothing. */
export type Effect = 'ended' | 'again' | 'useless'

/** Something that is polled until it ends. */
interface AnyWatch {
  /** The engine of the client that waits. */
  readonly engine: Engine
  /** The origin that is polled, unless another endpoint of its service is the active one. */
  readonly origin: string
  /** Monotonic milliseconds at which the next poll is due. */
  dueAt: number
  /** Final refusals in a row. */
  refusals: number
  /** The answers in a row that could not be read, or told of an ill service: when the last one came, in monotonic milliseconds, and how long they last. */
  unread?: { readonly at: number; readonly ms: number } | undefined
  /** Milliseconds from this poll to the next. */
  nextWait(): number
  /** Ends it, because further polls would find out nothing. */
  giveUp(answer: Answer): void
}

/** A piece of work, which is polled together with others. */
export interface WorkWatch extends AnyWatch {
  readonly knowledge: VendorWork
  /** The name by which it is polled. */
  work: WorkName
  /** True if it must be polled alone once, because it was missing from an answer about several. */
  isAlone: boolean
  /** True if the last answer to a poll for it alone was that the server does not know it. */
  isUnknown: boolean
  /** Polls so far. */
  readonly polls: number
  /** True while long polls report its changes, so that ordinary polls may be rare. */
  isLongPolled: boolean
  /** Takes a report, with the refusal that it was read from, if it was. */
  take(report: WorkReport, refusal?: Refusal): Effect
}

/** A state that somebody waits for, with the request that polls it. */
export interface StateWatch extends AnyWatch {
  readonly request: OwnRequest
  take(answer: Answer): Effect
}

export type Watch = WorkWatch | StateWatch

export const isWorkWatch = (watch: Watch): watch is WorkWatch => 'work' in watch

/** The group of works that one poll may be for. */
export const groupOf = ({ knowledge, work }: WorkWatch): string => `${knowledge.vendor} ${work.group ?? ''}`

/** Works, each of them once: several callers may wait for the same one. */
export const distinct = (works: readonly WorkName[]): readonly WorkName[] => [
  ...new Map(works.map((work) => [work.id, work])).values(),
]
