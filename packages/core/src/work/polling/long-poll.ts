import type { Engine } from '../../call/engine.ts'
import { systemClock } from '../../contract/clock.ts'
import type { WorkLongPoll } from '../../contract/work/vendor-work.ts'
import { type Answer, ownRequest, pollingEngine, sendOwn } from './own-request.ts'
import type { WorkWatch } from './watch.ts'

/** Fewest milliseconds between the beginnings of two long polls: a busy server answers each at once. */
const GAP = 1_000
/** Milliseconds until the next try after a failure, which double. Until a long poll succeeds, works are polled as usual. */
const REST = { first: 2_000, longest: 120_000 }

/** The engine for long polls. The vendor says how long they take, so the user's time limits do not hold. */
const longPollEngine = (engine: Engine): Engine => {
  const polling = pollingEngine(engine)
  return { ...polling, policy: { ...polling.policy, timeout: undefined, totalTimeout: undefined } }
}

/** Told of the results of long polls. */
export interface LongPollHooks {
  /** The work has ended. */
  ended(watch: WorkWatch): void
  /** A long poll failed: works are polled as usual from now on. */
  failed(): void
}

/** Long polling for the changes of one group of works, for as long as somebody waits for one of them. */
export class LongPoll {
  readonly #knowledge: WorkLongPoll
  readonly #members: () => readonly WorkWatch[]
  readonly #hooks: LongPollHooks
  #token: string | undefined
  #rest = REST.first
  #isRunning = false
  #isUnsupported = false

  constructor(knowledge: WorkLongPoll, members: () => readonly WorkWatch[], hooks: LongPollHooks) {
    this.#knowledge = knowledge
    this.#members = members
    this.#hooks = hooks
  }

  /** True if the last long poll succeeded. */
  get isWorking(): boolean {
    return this.#token !== undefined
  }

  /** Begins, unless it has begun already. */
  begin(signal: AbortSignal): void {
    if (this.#isRunning || this.#isUnsupported) return
    this.#isRunning = true
    const end = () => {
      this.#isRunning = false
      this.#token = undefined
    }
    void this.#run(signal).then(end, () => {
      // A function of the vendor's has thrown. That is a bug, so works are polled instead.
      this.#isUnsupported = true
      end()
      for (const watch of this.#members()) this.#setLongPolled(watch, false)
      this.#hooks.failed()
    })
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#isUnsupported) {
      const [first] = this.#members()
      if (first === undefined) return
      const beganAt = systemClock.now()
      const request = ownRequest(first.origin, this.#knowledge.ask(first.work, this.#token))
      const answer = await sendOwn(longPollEngine(first.engine), request, signal)
      if (signal.aborted) return
      const rest = this.#take(answer) ? Math.max(0, GAP - (systemClock.now() - beganAt)) : this.#restAfterFailure()
      if (!this.#isUnsupported) await systemClock.sleep(rest, signal).catch(() => {})
    }
  }

  /** Hands reports to their works. False for a failed long poll. */
  #take(answer: Answer): boolean {
    const members = this.#members()
    const works = members.map(({ work }) => work)
    const changes = answer.type === 'reply' ? this.#knowledge.read(answer.reply, works) : undefined
    this.#token = changes?.token
    this.#isUnsupported = answer.type === 'fault' && this.#knowledge.isUnsupported?.(answer.verdict.fault) === true
    for (const watch of members) {
      const report = changes?.reports.get(watch.work.id)
      if (report !== undefined && watch.take(report) === 'ended') this.#hooks.ended(watch)
      if (watch.isLongPolled !== (changes !== undefined)) this.#setLongPolled(watch, changes !== undefined)
    }
    if (changes !== undefined) this.#rest = REST.first
    else this.#hooks.failed()
    return changes !== undefined
  }

  /** Notes whether long polls report the work. If they no longer do, it is polled soon. */
  #setLongPolled(watch: WorkWatch, isLongPolled: boolean): void {
    watch.isLongPolled = isLongPolled
    if (!isLongPolled) watch.dueAt = Math.min(watch.dueAt, systemClock.now() + watch.nextWait())
  }

  #restAfterFailure(): number {
    const rest = this.#rest
    this.#rest = Math.min(2 * rest, REST.longest)
    return rest * (0.8 + 0.4 * systemClock.random())
  }
}
