import type { WorkReport } from '../../contract/work/vendor-work.ts'
import { ownCopy } from '../../options/own-copy.ts'
import { tell } from '../../state/tell.ts'
import type { Answer } from '../polling/own-request.ts'
import type { Effect, Refusal } from '../polling/watch.ts'
import { cancelWork, clearWork } from './cancel.ts'
import { type EndReport, endStateOf, givenUp, isEnd } from './end-state.ts'
import type { WorkOrigin } from './failure.ts'
import { endOf, type Listener, statesOf } from './listeners.ts'
import { pollWork, reportOn } from './watch-for.ts'
import { emitChanged, emitEnded } from './work-events.ts'
import type { EndState, SavedWork, WaitOptions, Work, WorkState } from './work-state.ts'
import { hasEnded, messageOf } from './work-state.ts'

/** Work that was begun, here or in another process. */
export class RunningWork<Result> implements Work<Result> {
  #origin: WorkOrigin
  #options: WaitOptions
  readonly #listeners = new Set<Listener<Result>>()
  #state: WorkState<Result>
  #result: Promise<Result> | undefined
  /** Set while somebody waits. */
  #leave: (() => void) | undefined
  /** Set once an end was reported. */
  #ending: Promise<void> | undefined
  /** True if another process may wait for it, too: it was stored. */
  #isStored: boolean
  /** Set once the waiting was ended from outside. */
  #stopped: { readonly thrown: unknown } | undefined

  constructor(origin: WorkOrigin, options: WaitOptions, state: WorkState<Result> = { status: 'pending' }) {
    this.#origin = origin
    this.#options = { ...options }
    this.#state = state
    this.#isStored = origin.sent === undefined
  }

  get id(): string {
    return this.#origin.saved.work.id
  }

  get state(): WorkState<Result> {
    return this.#state
  }

  get progress(): number | undefined {
    return this.#state.progress
  }

  get result(): Promise<Result> {
    this.#result ??= this.#ended().then((end) => {
      if (end.status === 'succeeded') return end.result
      throw end.error
    })
    return this.#result
  }

  on(listener: (state: WorkState<Result>) => void): () => void {
    return this.#listen({ next: (state) => tell(listener, state), stop: () => {} })
  }

  [Symbol.asyncIterator](): AsyncGenerator<WorkState<Result>, void> {
    return statesOf(
      () => this.#state,
      (listener) => this.#listen(listener),
    )
  }

  async cancel(): Promise<EndState<Result>> {
    if (hasEnded(this.#state)) return this.#state
    if (this.#stopped !== undefined) this.#waitAnew()
    const refused = await cancelWork(this.#origin)
    if (refused === undefined) return this.#ended()
    // Work that has ended meanwhile cannot be cancelled: another poll shows whether it has.
    const report = await reportOn(this.#origin, this.#options)
    if (report === undefined || !isEnd(report)) throw refused
    await this.#end(report)
    return this.#ended()
  }

  toJSON(): SavedWork {
    this.#isStored = true
    return ownCopy(this.#origin.saved)
  }

  /** Waits again, without the signal that ended the waiting before. */
  #waitAnew(): void {
    this.#options = { timeout: this.#options.timeout ?? false }
    this.#stopped = undefined
  }

  #ended(): Promise<EndState<Result>> {
    return endOf(
      () => this.#state,
      (listener) => this.#listen(listener),
    )
  }

  #listen(listener: Listener<Result>): () => void {
    const hasItsEnd = hasEnded(this.#state)
    if (this.#stopped !== undefined && !hasItsEnd) listener.stop(this.#stopped.thrown)
    if (this.#stopped !== undefined || hasItsEnd) return () => {}
    this.#listeners.add(listener)
    this.#leave ??= this.#wait()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stopPolling()
    }
  }

  /** Polls it until the returned function is called. */
  #wait(): () => void {
    return pollWork(this.#origin, this.#options, {
      take: (report, refusal) => this.#take(report, refusal),
      giveUp: (answer) => this.#giveUp(answer),
      stop: (thrown) => this.#stop(thrown),
    })
  }

  #stopPolling(): void {
    this.#leave?.()
    this.#leave = undefined
  }

  #take(report: WorkReport, refusal?: Refusal): Effect {
    if (hasEnded(this.#state)) return 'ended'
    if (!isEnd(report)) {
      this.#show(report)
      return 'again'
    }
    this.#stopPolling()
    void this.#end(report, refusal?.error())
    return 'ended'
  }

  /** Comes to its end, once. */
  #end(report: EndReport, cause?: unknown): Promise<void> {
    this.#ending ??= this.#conclude(report, cause)
    return this.#ending
  }

  async #conclude(report: EndReport, cause: unknown): Promise<void> {
    try {
      const state = await endStateOf<Result>(this.#origin, report, this.progress, cause)
      if (state.status !== 'lost' && !this.#isStored) clearWork(this.#origin)
      this.#show(state)
      emitEnded(this.#origin, state)
    } catch (thrown) {
      this.#stop(thrown)
    }
    this.#listeners.clear()
    // The body of the start may be long and is needed no more.
    this.#origin = { ...this.#origin, sent: undefined }
    // Somebody may have begun to wait since the end was reported, or another caller's poll may have reported it.
    this.#stopPolling()
  }

  #show(state: WorkState<Result>): void {
    const before = this.#state
    const isSameStep = state.status === before.status && state.progress === before.progress
    if (isSameStep && messageOf(state) === messageOf(before)) return
    this.#state = state
    if (!isSameStep && !hasEnded(state)) emitChanged(this.#origin, state)
    for (const listener of [...this.#listeners]) listener.next(state)
  }

  #giveUp(answer: Answer): void {
    this.#stopPolling()
    const { report, cause } = givenUp(answer)
    void this.#end(report, cause)
  }

  /** Ends the waiting, not the work. */
  #stop(thrown: unknown): void {
    if (this.#stopped !== undefined) return
    this.#stopped = { thrown }
    this.#stopPolling()
    if (this.#options.cancelOnAbort === true) void cancelWork(this.#origin).catch(() => {})
    for (const listener of [...this.#listeners]) listener.stop(thrown)
    this.#listeners.clear()
  }
}
