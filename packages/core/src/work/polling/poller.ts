import { systemClock } from '../../contract/clock.ts'
import { type Answer, ask, askingEngine } from './ask.ts'
import { digest } from './digest.ts'
import { Hearing } from './hearing.ts'
import { type Inquiry, inquiryFor } from './inquiry.ts'
import { groupOf, isWorkWatch, type Watch, type WorkWatch } from './watch.ts'

/** Milliseconds between the beginnings of two questions of one service, at least. */
const GAP = 500
/** Share of the time that a service may be kept busy by questions, as a multiple of the last one's time. */
const REST = 2

/** Questions about one piece of work, or works in one question, from which on it pays to be told of changes instead. */
const LISTEN = { questions: 5, works: 5 }

/** Asks one service how all works and states stand that somebody waits for there: one question at a time, never more than a few a second. */
export class Poller {
  readonly #watches = new Set<Watch>()
  /** By group. */
  readonly #hearings = new Map<string, Hearing>()
  readonly #onIdle: () => void
  #isAsking = false
  /** The last question: when it began or ended, and the time from then on until the next may. */
  #rest = { from: 0, until: 0 }
  #timer: { readonly at: number; readonly cancel: () => void } | undefined
  #abort = new AbortController()

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle
  }

  add(watch: Watch): void {
    this.#watches.add(watch)
    // Whatever becomes of new work is told, for it happens after the last answer.
    if (isWorkWatch(watch)) watch.isHeard = this.#hearings.get(groupOf(watch))?.isHearing === true
    if (!this.#isAsking) this.#setTimer(watch.dueAt)
  }

  remove(watch: Watch): void {
    if (!this.#watches.delete(watch) || this.#watches.size > 0) return
    this.#timer?.cancel()
    this.#timer = undefined
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#onIdle()
  }

  /** The way to be told of changes of this work, where its vendor knows one. */
  #hearingOf(watch: WorkWatch): Hearing | undefined {
    const { push } = watch.knowledge
    if (push === undefined) return undefined
    const group = groupOf(watch)
    const members = () =>
      [...this.#watches].filter((each) => isWorkWatch(each) && groupOf(each) === group) as WorkWatch[]
    const known = this.#hearings.get(group)
    if (known !== undefined) return known
    const made = new Hearing(push, members, {
      ended: (each) => this.remove(each),
      unheard: () => this.#goOn(),
    })
    this.#hearings.set(group, made)
    return made
  }

  /**
   * Mock timers may have come or gone since. Then a rest would begin later than now, and the timer be lost, of which nobody
   * is told: so it is set anew each time.
   */
  #setTimer(dueAt: number): void {
    const now = systemClock.now()
    const { from, until } = this.#rest
    const wanted = Math.max(dueAt, from > now ? now : until)
    const at = this.#timer !== undefined && this.#timer.at >= now ? Math.min(wanted, this.#timer.at) : wanted
    this.#timer?.cancel()
    const cancel = systemClock.after(Math.max(0, at - now), () => {
      this.#timer = undefined
      void this.#askNext()
    })
    this.#timer = { at, cancel }
  }

  async #askNext(): Promise<void> {
    if (this.#isAsking) return
    const [first] = this.#watches
    if (first === undefined) return
    this.#isAsking = true
    const beganAt = systemClock.now()
    this.#rest = { from: beganAt, until: beganAt + GAP }
    let about: readonly Watch[] = [first]
    try {
      const inquiry = inquiryFor(first, this.#watches)
      about = inquiry.about
      const answer = await ask(askingEngine(inquiry.engine), inquiry.question, this.#abort.signal)
      this.#take(inquiry, answer)
    } catch (thrown) {
      // A function of the vendor's has thrown: somebody has to mend it.
      for (const watch of about) {
        watch.giveUp({ type: 'broken', thrown })
        this.remove(watch)
      }
    } finally {
      const now = systemClock.now()
      this.#rest = { from: now, until: Math.max(beganAt + GAP, now + REST * Math.min(now - beganAt, 10 * GAP)) }
      this.#isAsking = false
      this.#goOn()
    }
  }

  #take(inquiry: Inquiry, answer: Answer): void {
    const now = systemClock.now()
    for (const watch of inquiry.about) if (this.#watches.has(watch)) watch.dueAt = now + watch.nextWait()
    for (const watch of digest(inquiry, answer, now)) this.remove(watch)
    if (inquiry.type !== 'works') return
    const [first] = inquiry.about
    if (!this.#watches.has(first)) return
    if (first.asked >= LISTEN.questions || inquiry.about.length >= LISTEN.works)
      this.#hearingOf(first)?.begin(this.#abort.signal)
  }

  #goOn(): void {
    if (this.#isAsking) return
    let earliest = Number.POSITIVE_INFINITY
    for (const { dueAt } of this.#watches) earliest = Math.min(earliest, dueAt)
    if (earliest < Number.POSITIVE_INFINITY) this.#setTimer(earliest)
  }
}
