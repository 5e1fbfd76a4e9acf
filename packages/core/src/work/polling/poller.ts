import type { Engine } from '../../call/engine.ts'
import { systemClock } from '../../contract/clock.ts'
import type { SharedState } from '../../state/shared-state.ts'
import { applyAnswer } from './apply-answer.ts'
import { LongPoll } from './long-poll.ts'
import { type Answer, pollingEngine, sendOwn } from './own-request.ts'
import { headOf, type Poll, pollFor } from './poll.ts'
import { groupOf, isWorkWatch, type Watch, type WorkWatch } from './watch.ts'

/** Fewest milliseconds between the beginnings of two polls of one service. */
const GAP = 500
/** Rest after a poll, as a multiple of the time that the poll took. */
const REST = 2

/** Polls for one piece of work, or works in one poll, from which on long polls are used. */
const LONG_POLL_FROM = { polls: 5, works: 5 }

/** Polls one service for all works and states that somebody waits for there: one poll at a time, at most two a second. */
export class Poller {
  readonly #watches = new Set<Watch>()
  /** By group. */
  readonly #longPolls = new Map<string, LongPoll>()
  readonly #onIdle: () => void
  #isPolling = false
  /** The rest after the last poll: the time at which that poll began or ended, and the time from which on the next may go. */
  #rest = { from: 0, until: 0 }
  #timer: { readonly at: number; readonly cancel: () => void } | undefined
  #abort = new AbortController()

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle
  }

  add(watch: Watch): void {
    this.#watches.add(watch)
    // New work changes after the last answer, so the next long poll reports it.
    if (isWorkWatch(watch)) watch.isLongPolled = this.#longPolls.get(groupOf(watch))?.isWorking === true
    if (!this.#isPolling) this.#setTimer(watch.dueAt)
  }

  remove(watch: Watch): void {
    if (!this.#watches.delete(watch) || this.#watches.size > 0) return
    this.#timer?.cancel()
    this.#timer = undefined
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#onIdle()
  }

  /** The long polls for the group of this work; `undefined` if its vendor has none. */
  #longPollFor(watch: WorkWatch): LongPoll | undefined {
    const { longPoll } = watch.knowledge
    if (longPoll === undefined) return undefined
    const group = groupOf(watch)
    const members = () =>
      [...this.#watches].filter((each) => isWorkWatch(each) && groupOf(each) === group) as WorkWatch[]
    const known = this.#longPolls.get(group)
    if (known !== undefined) return known
    const made = new LongPoll(longPoll, members, {
      ended: (each) => this.remove(each),
      failed: () => this.#goOn(),
    })
    this.#longPolls.set(group, made)
    return made
  }

  /**
   * Sets the timer anew each time: a test may have installed or removed mock timers, which loses a timer without notice and
   * can put the beginning of the rest into the future.
   */
  #setTimer(dueAt: number): void {
    const now = systemClock.now()
    const { from, until } = this.#rest
    const wanted = Math.max(dueAt, from > now ? now : until)
    const at = this.#timer !== undefined && this.#timer.at >= now ? Math.min(wanted, this.#timer.at) : wanted
    this.#timer?.cancel()
    const cancel = systemClock.after(Math.max(0, at - now), () => {
      this.#timer = undefined
      void this.#pollNext()
    })
    this.#timer = { at, cancel }
  }

  async #pollNext(): Promise<void> {
    if (this.#isPolling) return
    const head = headOf(this.#watches)
    if (head === undefined) return
    this.#isPolling = true
    const beganAt = systemClock.now()
    this.#rest = { from: beganAt, until: beganAt + GAP }
    let poll: Poll | undefined
    try {
      poll = pollFor(head, this.#watches)
      const answer = await sendOwn(pollingEngine(poll.engine), poll.request, this.#abort.signal)
      this.#take(poll, answer)
    } catch (thrown) {
      this.#takeThrown(thrown, head, poll)
    } finally {
      const now = systemClock.now()
      this.#rest = { from: now, until: Math.max(beganAt + GAP, now + REST * Math.min(now - beganAt, 10 * GAP)) }
      this.#isPolling = false
      this.#goOn()
    }
  }

  /** A function of the vendor has thrown, which is a bug: it ends a work only if the poll was for that one alone. */
  #takeThrown(thrown: unknown, head: Watch, poll: Poll | undefined): void {
    const about: readonly Watch[] = poll?.about ?? [head]
    const wasAlone = poll === undefined ? !isWorkWatch(head) || head.isAlone : about.length === 1
    for (const watch of about) {
      if (isWorkWatch(watch) && !wasAlone) {
        watch.isAlone = true
        continue
      }
      watch.giveUp({ type: 'broken', thrown })
      this.remove(watch)
    }
  }

  #take(poll: Poll, answer: Answer): void {
    const now = systemClock.now()
    for (const watch of poll.about) if (this.#watches.has(watch)) watch.dueAt = now + watch.nextWait()
    for (const watch of applyAnswer(poll, answer, now)) this.remove(watch)
    if (poll.type !== 'works') return
    const [first] = poll.about
    if (!this.#watches.has(first)) return
    if (first.polls >= LONG_POLL_FROM.polls || poll.about.length >= LONG_POLL_FROM.works)
      this.#longPollFor(first)?.begin(this.#abort.signal)
  }

  #goOn(): void {
    if (this.#isPolling) return
    let earliest = Number.POSITIVE_INFINITY
    for (const { dueAt } of this.#watches) earliest = Math.min(earliest, dueAt)
    if (earliest < Number.POSITIVE_INFINITY) this.#setTimer(earliest)
  }
}

type Pollers = Map<string, Poller>

/** By state and vendor: clients that share sessions share polls. */
const pollers = new WeakMap<SharedState, WeakMap<object, Pollers>>()
/** Stands for the vendor of plain HTTP. */
const PLAIN_HTTP = {}

/** The poller of the service at an origin. */
export function pollerFor(engine: Engine, origin: string): Poller {
  const { state, vendor } = engine
  const ofState = pollers.get(state) ?? new WeakMap<object, Pollers>()
  pollers.set(state, ofState)
  const ofVendor = ofState.get(vendor ?? PLAIN_HTTP) ?? new Map<string, Poller>()
  ofState.set(vendor ?? PLAIN_HTTP, ofVendor)
  // The endpoints of one service share a poller, whichever of them the work was begun at.
  const { endpoints } = vendor ?? {}
  const key = (endpoints?.includes(origin) ? endpoints[0] : undefined) ?? origin
  const known = ofVendor.get(key)
  if (known !== undefined) return known
  const made = new Poller(() => ofVendor.delete(key))
  ofVendor.set(key, made)
  return made
}
