import type { Engine } from '../../call/engine.ts'
import type { WorkName, WorkRequest } from '../../contract/work/vendor-work.ts'
import type { Question } from './ask.ts'
import { distinct, groupOf, isWorkWatch, type StateWatch, type Watch, type WorkWatch } from './watch.ts'

/** One question of a poller, and the watches that its answer is for. */
export type Inquiry = { readonly engine: Engine; readonly question: Question } & (
  | { readonly type: 'works'; readonly about: readonly [WorkWatch, ...WorkWatch[]] }
  | { readonly type: 'state'; readonly about: readonly [StateWatch] }
)

/** The question about whatever has waited longest for one, and all that can be asked with it. */
export function inquiryFor(first: Watch, watches: Iterable<Watch>): Inquiry {
  let head = first
  for (const watch of watches) if (watch.dueAt < head.dueAt) head = watch
  const { engine } = head
  if (!isWorkWatch(head)) return { type: 'state', engine, question: head.question, about: [head] }
  const together = unambiguous(head.isAlone ? [head] : [head, ...others(head, watches)])
  const { about, ...request } = head.knowledge.ask(
    distinct(together.map(({ work }) => work)) as [WorkName, ...WorkName[]],
  )
  const asked = new Set(about.map(({ id }) => id))
  const members = together.slice(1).filter(({ work }) => asked.has(work.id))
  return { type: 'works', engine, question: questionOf(head.origin, request), about: [head, ...members] }
}

/** Those of its group, the one that has waited longest first. */
function others(head: WorkWatch, watches: Iterable<Watch>): WorkWatch[] {
  const group = groupOf(head)
  const found: WorkWatch[] = []
  for (const watch of watches)
    if (watch !== head && isWorkWatch(watch) && !watch.isAlone && groupOf(watch) === group) found.push(watch)
  return found.sort((one, other) => one.dueAt - other.dueAt)
}

/**
 * Those of which an identifier names one work alone: an object may be stopped by one and started by another. The rest has a
 * question of its own.
 */
function unambiguous(watches: readonly WorkWatch[]): readonly WorkWatch[] {
  const named = new Map<string, WorkName>()
  return watches.filter(({ work }) => {
    const known = named.get(work.id)
    if (known !== undefined) return isSame(known, work)
    named.set(work.id, work)
    return true
  })
}

const isSame = (one: WorkName, other: WorkName): boolean =>
  one === other || JSON.stringify(one.facts) === JSON.stringify(other.facts)

/** A request of the vendor's as a question. @throws {TypeError} for a path that would make it another host's. */
export function questionOf(origin: string, { path, ...init }: WorkRequest): Question {
  if (!path.startsWith('/')) throw new TypeError(`A path must begin with a slash: ${JSON.stringify(path)}.`)
  return { url: origin + path, init }
}
