import type { Answer, Condition } from './condition.ts'
import { Limiter } from './limiter.ts'

/** One request at the server. */
export interface Job {
  /** The length of its work as a multiple of the mean. */
  readonly length: number
  /** From 0 up to 1: decides if it meets a fault that only a share of the requests meets. */
  readonly luck: number
  /** Called when the work begins, which from then on cannot be undone. */
  began?(): void
  answer(answer: Answer): void
}

/** Milliseconds until an answer arrives for which no work is done. */
const ROUND_TRIP = 1

/**
 * Workers behind a queue, first come first served.
 *
 * It never learns that a client has given up: it does all work in its queue.
 */
export class Server {
  #condition: Condition
  #limiter: Limiter | undefined
  #waiting: Job[] = []
  #head = 0
  readonly #working = new Map<Job, ReturnType<typeof setTimeout>>()
  /** Called whenever it may have become able to take a request. */
  onRoom: (() => void) | undefined

  constructor(condition: Condition) {
    this.#condition = condition
    this.#limiter = condition.rate && new Limiter(condition.rate)
  }

  get condition(): Condition {
    return this.#condition
  }

  get queued(): number {
    return this.#waiting.length - this.#head
  }

  /** Milliseconds after which a request would be worked on at once; `Infinity` while that is unknown. */
  roomIn(): number {
    const { reachable, workers } = this.#condition
    if (reachable !== 'yes' || this.#working.size >= workers || this.queued > 0) return Number.POSITIVE_INFINITY
    return this.#limiter?.delay() ?? 0
  }

  change(changes: Partial<Condition>): void {
    this.#condition = { ...this.#condition, ...changes }
    if ('rate' in changes) this.#limiter = changes.rate && new Limiter(changes.rate)
    if (this.#condition.reachable !== 'yes') this.#crash()
    this.#fill()
    this.onRoom?.()
  }

  accept(job: Job): void {
    const { reachable, hanging, workers, queue } = this.#condition
    if (reachable === 'black-hole') return
    if (reachable === 'refuses') return this.#answerSoon(job, { type: 'refused' })
    const wait = this.#limiter?.take()
    if (wait !== undefined) return this.#answerSoon(job, { type: 'reply', status: 429, ...wait })
    if (job.luck < hanging) return
    if (this.#working.size < workers) return this.#work(job)
    if (this.queued >= queue) return this.#answerSoon(job, { type: 'reply', status: 503 })
    this.#waiting.push(job)
  }

  #answerSoon(job: Job, answer: Answer): void {
    setTimeout(() => job.answer(answer), ROUND_TRIP)
  }

  #work(job: Job): void {
    job.began?.()
    const time = Math.max(1, Math.round(job.length * this.#condition.serviceTime))
    this.#working.set(
      job,
      setTimeout(() => {
        this.#working.delete(job)
        job.answer(this.#resultOf(job))
        this.#fill()
        this.onRoom?.()
      }, time),
    )
  }

  #resultOf({ luck }: Job): Answer {
    const { losing } = this.#condition
    if (luck >= losing) return { type: 'reply', status: 200 }
    return luck < losing / 2 ? { type: 'reset' } : { type: 'reply', status: 502 }
  }

  #fill(): void {
    while (this.queued > 0 && this.#working.size < this.#condition.workers) {
      const job = this.#waiting[this.#head++]
      if (job !== undefined) this.#work(job)
    }
    if (this.#head > 1_000 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
  }

  /** Ends all connections, and drops the requests over them. */
  #crash(): void {
    const lost = [...this.#working.keys(), ...this.#waiting.slice(this.#head)]
    for (const timer of this.#working.values()) clearTimeout(timer)
    this.#working.clear()
    this.#waiting = []
    this.#head = 0
    const vanished = this.#condition.reachable === 'black-hole'
    if (!vanished) for (const job of lost) this.#answerSoon(job, { type: 'reset' })
  }
}
