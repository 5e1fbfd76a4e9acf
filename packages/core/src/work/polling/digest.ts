import type { WorkReport } from '../../contract/work/vendor-work.ts'
import type { Answer } from './ask.ts'
import type { Inquiry } from './inquiry.ts'
import { distinct, type Effect, isWorkWatch, type Refusal, type Watch, type WorkWatch } from './watch.ts'

/** Refusals in a row that time does not change, after which nothing more is expected. */
const REFUSALS = 3
/** Milliseconds for which answers that cannot be read are put up with: a page of a proxy's, a body that breaks off. */
const UNREADABLE_MS = 600_000

/**
 * Hands an answer to those that it is for.
 *
 * @param now monotonic milliseconds.
 * @returns those that have ended.
 */
export function digest(inquiry: Inquiry, answer: Answer, now: number): readonly Watch[] {
  const ended: Watch[] = []
  const effects = inquiry.type === 'state' ? effectOn(inquiry, answer) : effectsOn(inquiry, answer, now)
  for (const [watch, effect] of effects) if (hasEnded(watch, effect, answer, now)) ended.push(watch)
  return ended
}

type Effects = readonly (readonly [Watch, Effect])[]

const effectOn = ({ about: [watch] }: Extract<Inquiry, { type: 'state' }>, answer: Answer): Effects => [
  [watch, watch.take(answer)],
]

function effectsOn({ about }: Extract<Inquiry, { type: 'works' }>, answer: Answer, now: number): Effects {
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

/** Milliseconds after which work that was not known is polled again: a replica may lag behind for so long. */
const LAG = 5_000

/** Hands over a report. That a server does not know the work must be told twice. */
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

/** The state that the refusal of a question about one piece of work shows. */
function refusalOf({ knowledge, work }: WorkWatch, answer: Refusal): WorkReport | undefined {
  const { fault } = answer.verdict
  return fault.settled ? { status: 'failed', fault } : knowledge.readRefusal?.(fault, work)
}

/** Notes an effect. True where nothing more is to be asked. */
function hasEnded(watch: Watch, effect: Effect, answer: Answer, now: number): boolean {
  if (effect === 'ended') return true
  if (effect === 'again') {
    watch.refusals = 0
    watch.uselessSince = undefined
    return false
  }
  const wait = waitOf(answer)
  if (wait !== undefined) {
    watch.dueAt = Math.max(watch.dueAt, now + wait)
    return false
  }
  watch.uselessSince ??= now
  if (answer.type === 'fault') watch.refusals++
  // Several may be refused because of one, and a question about several where one about each is not.
  if (isWorkWatch(watch) && watch.refusals > 1) watch.isAlone = true
  if (!isHopeless(watch, answer, now)) return false
  watch.giveUp(answer)
  return true
}

/** Milliseconds of the longest `Retry-After` of a poll that is obeyed. */
const LONGEST_WAIT = 300_000

/**
 * Milliseconds to wait after an answer that time alone mends; `undefined` for any other. Where a client is closed, the
 * question was that of another: whoever waits with that client has been told.
 */
function waitOf(answer: Answer): number | undefined {
  if (answer.type === 'refused') return Math.min(answer.error.retryAfter ?? 0, LONGEST_WAIT)
  return answer.type === 'fault' && !answer.isFinal ? Math.min(answer.retryAfter, LONGEST_WAIT) : undefined
}

function isHopeless({ refusals, uselessSince = 0 }: Watch, answer: Answer, now: number): boolean {
  return answer.type === 'fault' ? refusals >= REFUSALS : now - uselessSince > UNREADABLE_MS
}
