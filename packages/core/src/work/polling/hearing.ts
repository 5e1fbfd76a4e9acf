import type { Engine } from '../../call/engine.ts'
import { systemClock } from '../../contract/clock.ts'
import type { WorkPush } from '../../contract/work/vendor-work.ts'
import { type Answer, ask, askingEngine } from './ask.ts'
import { questionOf } from './inquiry.ts'
import type { WorkWatch } from './watch.ts'

/** Milliseconds between the beginnings of two questions that are held back, at least: a busy server answers each at once. */
const GAP = 1_000
/** Milliseconds until the next try after a failure; they double. Until one is answered, works are polled as usual. */
const REST = { first: 2_000, longest: 120_000 }

/** The engine for a question that the server holds back: the vendor knows how long, whatever the user has said of others. */
const listeningEngine = (engine: Engine): Engine => {
  const asking = askingEngine(engine)
  return { ...asking, policy: { ...asking.policy, timeout: undefined, totalTimeout: undefined } }
}

/** The effects of the server's reports on the poller. */
export interface HearingHooks {
  /** The work has ended. */
  ended(watch: WorkWatch): void
  /** Polls works as usual from now on. */
  unheard(): void
}

/** Hears of the changes of works that can stand in one question, for as long as somebody waits for one of them. */
export class Hearing {
  readonly #push: WorkPush
  readonly #members: () => readonly WorkWatch[]
  readonly #hooks: HearingHooks
  #token: string | undefined
  #rest = REST.first
  #isRunning = false
  #isUnsupported = false

  constructor(push: WorkPush, members: () => readonly WorkWatch[], hooks: HearingHooks) {
    this.#push = push
    this.#members = members
    this.#hooks = hooks
  }

  /** True while changes are told. */
  get isHearing(): boolean {
    return this.#token !== undefined
  }

  /** Begins to listen, unless it does already. */
  begin(signal: AbortSignal): void {
    if (this.#isRunning || this.#isUnsupported) return
    this.#isRunning = true
    const end = () => {
      this.#isRunning = false
      this.#token = undefined
    }
    void this.#run(signal).then(end, () => {
      // A function of the vendor's has thrown: that is a bug, and until it is fixed works are polled.
      this.#isUnsupported = true
      end()
      for (const watch of this.#members()) this.#setHeard(watch, false)
      this.#hooks.unheard()
    })
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#isUnsupported) {
      const [first] = this.#members()
      if (first === undefined) return
      const beganAt = systemClock.now()
      const question = questionOf(first.origin, this.#push.listen(first.work, this.#token))
      const answer = await ask(listeningEngine(first.engine), question, signal)
      if (signal.aborted) return
      const rest = this.#take(answer) ? Math.max(0, GAP - (systemClock.now() - beganAt)) : this.#restAfterFailure()
      if (!this.#isUnsupported) await systemClock.sleep(rest, signal).catch(() => {})
    }
  }

  /** Hands reports to their works. False for an answer of no use. */
  #take(answer: Answer): boolean {
    const members = this.#members()
    const works = members.map(({ work }) => work)
    const heard = answer.type === 'reply' ? this.#push.hear(answer.reply, works) : undefined
    this.#token = heard?.token
    this.#isUnsupported = answer.type === 'fault' && this.#push.isUnsupported?.(answer.verdict.fault) === true
    for (const watch of members) {
      const report = heard?.reports.get(watch.work.id)
      if (report !== undefined && watch.take(report) === 'ended') this.#hooks.ended(watch)
      if (watch.isHeard !== (heard !== undefined)) this.#setHeard(watch, heard !== undefined)
    }
    if (heard !== undefined) this.#rest = REST.first
    else this.#hooks.unheard()
    return heard !== undefined
  }

  /** Polls work soon that the server no longer reports. */
  #setHeard(watch: WorkWatch, isHeard: boolean): void {
    watch.isHeard = isHeard
    if (!isHeard) watch.dueAt = Math.min(watch.dueAt, systemClock.now() + watch.nextWait())
  }

  #restAfterFailure(): number {
    const rest = this.#rest
    this.#rest = Math.min(2 * rest, REST.longest)
    return rest * (0.8 + 0.4 * systemClock.random())
  }
}
