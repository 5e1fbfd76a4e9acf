import { systemClock } from '../../contract/clock.ts'
import type { WorkReport } from '../../contract/work/vendor-work.ts'
import type { Answer } from '../polling/own-request.ts'
import { Forecast, Pacing } from '../polling/pacing.ts'
import { pollerFor } from '../polling/poller.ts'
import type { WorkWatch } from '../polling/watch.ts'
import type { WorkOrigin } from './failure.ts'
import { shownId, shownReport } from './shown.ts'
import { Waiting } from './waiting.ts'
import type { WaitOptions } from './work-state.ts'

/** Milliseconds between polls of work whose changes long polls report. */
const SELDOM = 60_000

/** Makes the watch of a piece of work, whose first poll is due at once. */
function watchFor(of: WorkOrigin, hooks: { take: WorkWatch['take']; giveUp(answer: Answer): void }): WorkWatch {
  const { engine, knowledge } = of
  const { work, origin } = of.saved
  const pacing = new Pacing(work.pace ?? 'fast')
  const forecast = new Forecast()
  let polls = 0
  return {
    engine,
    origin,
    knowledge,
    work,
    dueAt: systemClock.now(),
    refusals: 0,
    isAlone: false,
    isUnknown: false,
    isLongPolled: false,
    get polls() {
      return polls
    },
    nextWait() {
      polls++
      return this.isLongPolled ? SELDOM : pacing.next()
    },
    take(given, refusal) {
      const report = shownReport(given, of)
      const now = systemClock.now()
      if ('next' in report && report.next !== undefined) {
        const { next, ...others } = report
        this.work = next
        this.dueAt = now
        return hooks.take(others, refusal)
      }
      const left = 'progress' in report ? forecast.take(report.progress, now) : undefined
      if (left !== undefined && !this.isLongPolled) this.dueAt = Math.min(this.dueAt, now + left)
      return hooks.take(report, refusal)
    },
    giveUp: hooks.giveUp,
  }
}

/** Polls work until it ends, the waiting ends, or the returned function is called. */
export function pollWork(
  origin: WorkOrigin,
  options: WaitOptions,
  hooks: { take: WorkWatch['take']; giveUp(answer: Answer): void; stop(thrown: unknown): void },
): () => void {
  const { engine } = origin
  const { stop, ...others } = hooks
  const poller = pollerFor(engine, origin.saved.origin)
  const watch = watchFor(origin, others)
  const waiting = new Waiting(engine, options, stop, () => `the work ${shownId(origin)} goes on`)
  poller.add(watch)
  return () => {
    waiting.release()
    poller.remove(watch)
  }
}

/** Polls work once, besides the polls under way. `undefined` if nothing can be found out. */
export function reportOn(origin: WorkOrigin, options: WaitOptions): Promise<WorkReport | undefined> {
  return new Promise((resolve, reject) => {
    const end = (report?: WorkReport) => {
      leave()
      resolve(report)
    }
    const leave = pollWork(origin, options, {
      take(report) {
        end(report)
        return 'ended'
      },
      giveUp: () => end(),
      stop(thrown) {
        leave()
        reject(thrown)
      },
    })
  })
}
