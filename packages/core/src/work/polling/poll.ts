import type { Engine } from '../../call/engine.ts'
import type { WorkName } from '../../contract/work/vendor-work.ts'
import { type OwnRequest, ownRequest } from './own-request.ts'
import { distinct, groupOf, isWorkWatch, type StateWatch, type Watch, type WorkWatch } from './watch.ts'

/** One poll, and the watches that its answer is for. */
export type Poll = { readonly engine: Engine; readonly request: OwnRequest } & (
  | { readonly type: 'works'; readonly about: readonly [WorkWatch, ...WorkWatch[]] }
  | { readonly type: 'state'; readonly about: readonly [StateWatch] }
)

/** The watch that has been due longest. */
export function headOf(watches: Iterable<Watch>): Watch | undefined {
  let head: Watch | undefined
  for (const watch of watches) if (head === undefined || watch.dueAt < head.dueAt) head = watch
  return head
}

/** The poll for a watch, together with all others that fit into the same request. */
export function pollFor(head: Watch, watches: Iterable<Watch>): Poll {
  const { engine } = head
  if (!isWorkWatch(head)) return { type: 'state', engine, request: head.request, about: [head] }
  const together = unambiguous(head.isAlone ? [head] : [head, ...others(head, watches)])
  const { about, ...request } = head.knowledge.ask(
    distinct(together.map(({ work }) => work)) as [WorkName, ...WorkName[]],
  )
  const asked = new Set(about.map(({ id }) => id))
  const members = together.slice(1).filter(({ work }) => asked.has(work.id))
  return { type: 'works', engine, request: ownRequest(head.origin, request), about: [head, ...members] }
}

/** The other watches of its group, the one that has been due longest first. */
function others(head: WorkWatch, watches: Iterable<Watch>): WorkWatch[] {
  const group = groupOf(head)
  const found: WorkWatch[] = []
  for (const watch of watches)
    if (watch !== head && isWorkWatch(watch) && !watch.isAlone && groupOf(watch) === group) found.push(watch)
  return found.sort((one, other) => one.dueAt - other.dueAt)
}

/**
 * The watches without those whose work has the identifier of another: one work may stop an object and another start it. The
 * others are polled separately.
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
