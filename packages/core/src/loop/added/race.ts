/** The functions that a race calls. */
export interface RaceRules {
  send(signal: AbortSignal): Promise<Response>
  /** Cancels the body of an answer that does not count. */
  discard(reply: unknown): void
  /** Called once at the end: whether the second answer counts, and whether another sending has not ended in the same way. */
  ended(isSecond: boolean, isDoubtful: boolean): void
}

/** One sending of a race. */
interface Racer {
  readonly controller: AbortController
  /** The end of it; absent while it is under way. */
  outcome?: { readonly reply: Response } | { readonly thrown: unknown }
}

/**
 * One request sent more than once. The first answer that is no failure counts; if all fail, that of the first sending. The other
 * sendings are aborted, and the bodies of answers that come all the same are cancelled.
 */
export class Race {
  readonly winner: Promise<Response>
  readonly #rules: RaceRules
  readonly #signal: AbortSignal | null | undefined
  readonly #racers: Racer[] = []
  readonly #settled = Promise.withResolvers<Response>()
  #isOver = false

  /** @param signal aborts all sendings, and the body of the answer. */
  constructor(signal: AbortSignal | null | undefined, rules: RaceRules) {
    this.#signal = signal
    this.#rules = rules
    this.winner = this.#settled.promise
    signal?.addEventListener('abort', this.#abort, { once: true })
  }

  /** Sends the request once more. */
  start(): void {
    if (this.#isOver) return
    const racer: Racer = { controller: new AbortController() }
    this.#racers.push(racer)
    this.#run(racer).then(
      (reply) => this.#take(racer, { reply }),
      (thrown: unknown) => this.#take(racer, { thrown }),
    )
  }

  // Both signals, because the body of the answer must still be abortable after the race. `any` leaves no listener behind.
  async #run({ controller }: Racer): Promise<Response> {
    const given = this.#signal
    return this.#rules.send(given == null ? controller.signal : AbortSignal.any([given, controller.signal]))
  }

  #take(racer: Racer, outcome: NonNullable<Racer['outcome']>): void {
    racer.outcome = outcome
    if (this.#isOver) return this.#free(racer)
    const isGood = 'reply' in outcome && outcome.reply.status < 400
    if (isGood) return this.#end(racer)
    const [first] = this.#racers
    if (first !== undefined && this.#racers.every((one) => one.outcome !== undefined)) this.#end(first)
  }

  #end(winner: Racer): void {
    this.#isOver = true
    this.#signal?.removeEventListener('abort', this.#abort)
    for (const racer of this.#racers)
      if (racer !== winner) this.#giveUp(racer, new DOMException('Another answer came first.', 'AbortError'))
    const status = statusOf(winner)
    const isDoubtful = this.#racers.some((one) => one !== winner && statusOf(one) !== status)
    this.#rules.ended(winner !== this.#racers[0], isDoubtful)
    const { outcome } = winner
    if (outcome !== undefined && 'reply' in outcome) this.#settled.resolve(outcome.reply)
    else this.#settled.reject(outcome?.thrown)
  }

  #giveUp(racer: Racer, reason: unknown): void {
    racer.controller.abort(reason)
    this.#free(racer)
  }

  #free({ outcome }: Racer): void {
    if (outcome !== undefined && 'reply' in outcome) this.#rules.discard(outcome.reply)
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#signal?.reason
    for (const racer of this.#racers) this.#giveUp(racer, reason)
    this.#isOver = true
    this.#rules.ended(false, false)
    this.#settled.reject(reason)
  }
}

/** The status of an answer; `NaN`, which equals nothing, if there is none. */
const statusOf = ({ outcome }: Racer): number =>
  outcome !== undefined && 'reply' in outcome ? outcome.reply.status : Number.NaN
