import type { WorkReport } from '../../contract/work/vendor-work.ts'
import type { Answer } from './own-request.ts'
import type { Poll } from './poll.ts'
import { distinct, type Effect, isWorkWatch, type Refusal, type Watch, type WorkWatch } from './watch.ts'

/** Final refusals in a row after which a watch is given up. */
const REFUSALS = 3
/** Milliseconds for which answers that say nothing are tolerated: a proxy's page, a body that breaks off, an internal error. */
const UNREADABLE_MS = 600_000
/** Milliseconds between two of them that count at most: the computer may have slept. */
const LONGEST_PAUSE = 72_000

/**
 * Hands an answer to the watches that it is for.
 *
 * @param now monotonic milliseconds.
 * @returns the watches that have ended.
 */
export function applyAnswer(poll: Poll, answer: Answer, now: number): readonly Watch[] {
  const ended: Watch[] = []
  const effects = poll.type === 'state' ? effectOn(poll, answer) : effectsOn(poll, answer, now)
  for (const [watch, effect] of effects) if (hasEnded(watch, effect, answer, now)) ended.push(watch)
  return ended
}

type Effects = readonly (readonly [Watch, Effect])[]

const effectOn = ({ about: [watch] }: Extract<Poll, { type: 'state' }>, answer: Answer): Effects => [
  [watch, watch.take(answer)],
]

function effectsOn({ about }: Extract<Poll, { type: 'works' }>, answer: Answer, now: number): Effects {
  const [first] = about
  const names = distinct(about.map(({ work }) => work))
  const isAlone = names.length === 1
  if (answer.type === 'reply') {
    const reports = first.knowledge.read(answer.reply, names)
    return about.map((watch) => {
      if (reports === undefined) return [watch, 'useless']
      const report = reports.get(watch.work.id) ?? (isAlone ? LOST : undefined)
      watch.isAlone = report === undefined
      if (report !== undefined) return [watch, hand(watch, report, now)]
      watch.dueAt = now
      return [watch, 'again']
    })
  }
  if (answer.type === 'fault' && isAlone) {
    const report = refusalOf(first, answer)
    if (report !== undefined) return about.map((watch) => [watch, hand(watch, report, now, answer)])
  }
  return about.map((watch) => [watch, 'useless'])
}

/** Milliseconds from a refusal to the next poll: a replica may lag behind for so long, or somebody else answer. */
const LAG = 5_000

/** Hands over a report. A server must say twice that it does not know the work. */
function hand(watch: WorkWatch, report: WorkReport, now: number, refusal?: Refusal): Effect {
  const isUnknown = report.status === 'lost' || (refusal !== undefined && refusal.verdict.fault.settled !== true)
  const wasUnknown = watch.isUnknown
  watch.isUnknown = isUnknown
  if (!isUnknown || wasUnknown) return watch.take(report, refusal)
  watch.isAlone = true
  watch.dueAt = now + LAG
  return 'again'
}

const LOST: WorkReport = { status: 'lost' }

/** The state of work that the refusal of a poll for it alone shows. */
function refusalOf({ knowledge, work }: WorkWatch, answer: Refusal): WorkReport | undefined {
  const { fault } = answer.verdict
  return fault.settled ? { status: 'failed', fault } : knowledge.readRefusal?.(fault, work)
}

/** Records an effect. True if the watch has ended. */
function hasEnded(watch: Watch, effect: Effect, answer: Answer, now: number): boolean {
  if (effect === 'ended') return true
  if (effect === 'again') {
    watch.refusals = 0
    watch.unread = undefined
    return false
  }
  const wait = waitOf(answer)
  if (wait !== undefined) {
    watch.unread = undefined
    watch.dueAt = Math.max(watch.dueAt, now + wait)
    return false
  }
  // Of a service that is ill, its own word that it has failed says nothing of the work.
  if (answer.type === 'fault' && !answer.verdict.trips) {
    watch.refusals++
    // In no words of the service's: a proxy may have lost it while it starts again.
    if (answer.verdict.vendor === 'http') watch.dueAt = Math.max(watch.dueAt, now + LAG)
  } else {
    const { at, ms } = watch.unread ?? { at: now, ms: 0 }
    watch.unread = { at: now, ms: ms + Math.min(now - at, LONGEST_PAUSE) }
  }
  // A poll for several may be refused because of one of them, or because it is for several.
  if (isWorkWatch(watch) && watch.refusals > 1) watch.isAlone = true
  if (!isGivenUp(watch)) return false
  watch.giveUp(answer)
  return true
}

/** Milliseconds of the longest `Retry-After` of a poll that is obeyed. */
const LONGEST_WAIT = 300_000

/**
 * Milliseconds to wait after a failure that passes with time; `undefined` for any other answer. The refusal of a closed client
 * is one of these: the callers of that client have been rejected already, and the next poll is sent with another client.
 */
function waitOf(answer: Answer): number | undefined {
  if (answer.type === 'refused') return Math.min(answer.error.retryAfter ?? 0, LONGEST_WAIT)
  return answer.type === 'fault' && !answer.isFinal ? Math.min(answer.retryAfter, LONGEST_WAIT) : undefined
}

/** True for the answer of a service that is ill: time may change it. */
export const mayPass = (answer: Answer): boolean =>
  waitOf(answer) !== undefined || (answer.type === 'fault' && answer.verdict.trips)

const isGivenUp = ({ refusals, unread }: Watch): boolean =>
  refusals >= REFUSALS || (unread !== undefined && unread.ms > UNREADABLE_MS)
