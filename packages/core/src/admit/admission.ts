import { LONGEST_TIMER, systemClock } from '../contract/clock.ts'
import type { WaitReason } from '../contract/decision.ts'
import type { Budget } from './budget.ts'
import { Gate } from './gate.ts'
import type { AdmissionOptions, Block } from './guards.ts'
import type { LoadSign } from './limit/evidence.ts'
import { Line, type Waiter } from './line.ts'
import type { Permit } from './permit.ts'
import { MOVED, type Refused, refusalOf, type Turn, type TurnRequest, type WaitingCall, waitInLine } from './turn.ts'

/** Stands for the line of every key for which no call has waited yet. */
const EMPTY_LINE = new Line<WaitingCall>()

/** The admission of one key, which every attempt passes: it goes, waits for its turn, or is refused. */
export class Admission {
  /** Shared by all keys of a client until a token is spent; see {@link Budget.withoutToken}. */
  budget: Budget | undefined
  /** Pause, circuit and limit. */
  readonly gate: Gate
  #line = EMPTY_LINE
  readonly #queue: number
  #cancelTimer: (() => void) | undefined

  constructor({ budget, queue, ...ofGate }: AdmissionOptions) {
    this.budget = budget
    this.gate = new Gate(ofGate, systemClock.now())
    this.#queue = queue
  }

  get breaker() {
    return this.gate.breaker
  }

  get pause() {
    return this.gate.pause
  }

  /** Calls that wait for their turn. */
  get waiting(): number {
    return this.#line.size
  }

  /** The permit of an attempt that may go at once; `undefined` if it may not. */
  enter(now: number, owesToken: boolean, isImpatient = false): Permit | undefined {
    if (isImpatient) this.gate.noteImpatient()
    const isFree = this.#line.size === 0 && this.gate.block(now, false, isImpatient) === undefined
    return isFree && (!owesToken || this.#payToken(now)) ? this.gate.take(now, systemClock.random) : undefined
  }

  /** The refusal of an attempt that would have to wait. */
  refusal(now: number): Refused {
    return this.#refusal(this.gate.block(now, this.#line.size > 0), false, now)
  }

  /** The reason why an attempt has to wait. */
  waitReason(now: number, owesToken: boolean): WaitReason {
    return this.gate.block(now, this.#line.size > 0)?.reason ?? (owesToken ? 'budget' : 'limited')
  }

  /** The refusal of a call whose wait could not succeed; `undefined` if it may wait. */
  refusedAtOnce(waiter: Waiter, now: number): Refused | undefined {
    const block = this.gate.block(now, this.#line.size > 0)
    const refused = this.#refusal(block, waiter.owesToken, now)
    const { known = 0 } = block ?? {}
    if (waiter.deadlineAt <= now + known || known > (waiter.maxWait ?? known)) return refused
    const { limit } = this.gate
    // Milliseconds by which it would go too late, at the best rate that the service has shown.
    const lateBy = limit ? now + (1_000 * this.#line.ahead(waiter)) / limit.bestRate - waiter.deadlineAt : 0
    if (lateBy > 0) return { type: 'refused', reason: 'limited', retryAfter: lateBy }
    return this.#line.size >= this.#queue ? { ...refused, reason: 'queue-full' } : undefined
  }

  /** Waits for a permit in the line, until the deadline of the call. */
  wait({ signals, ...waiter }: TurnRequest): Promise<Turn> {
    const refused = this.refusedAtOnce(waiter, systemClock.now())
    if (refused !== undefined) return Promise.resolve(refused)
    const leave = (waiting: WaitingCall) => {
      this.#line.remove(waiting)
      this.#serve()
    }
    const join = (waiting: WaitingCall) => {
      if (this.#line === EMPTY_LINE) this.#line = new Line()
      this.#line.add(waiting)
      this.#serve()
    }
    return waitInLine(waiter, signals, { join, leave })
  }

  /**
   * Gives back the permit of an attempt that says nothing about the service.
   *
   * @param isSent true if its request was sent, so that the service has counted it.
   */
  release(permit: Permit, isSent: boolean): void {
    this.breaker?.release(permit)
    this.gate.release(isSent)
    this.#serve()
  }

  /** Records the end of an attempt: its permit is free, and its answer says something about the load. */
  finish(sign: LoadSign, now: number): void {
    if (sign.load === 'good') return this.finishWell(sign.ms, sign.isSlow, now)
    this.gate.learn(sign, this.#line, now)
    this.serve()
  }

  /** Records the end of an attempt that succeeded. The `tokens` that its call has cost come back. */
  finishWell(ms: number, isSlow: boolean, now: number, tokens = 0): void {
    this.budget?.earn(tokens || undefined)
    this.gate.learnGood(ms, isSlow, this.#line, now)
    this.serve()
  }

  /** Begins again after an outage, with a share of the rate before it. */
  restart(): void {
    this.gate.restart(this.#line, systemClock.now())
  }

  /** Ends the wait of all calls so that each looks up the active endpoint again. */
  move(): void {
    for (const waiting of this.#line.all()) this.#settle(waiting, MOVED)
    this.#serve()
  }

  /** Forgets all that was learned, so that the next calls go at once. */
  reset(now: number): void {
    this.breaker?.reset()
    this.budget?.fill(now)
    this.pause?.end()
    this.gate.reset(now)
    this.#serve()
  }

  /** Lets the calls go that may go now. */
  serve(): void {
    if (this.#line.size > 0) this.#serve()
  }

  #serve(): void {
    const now = systemClock.now()
    let block: Block | undefined
    this.#refuseLate(now)
    while (this.#line.size > 0) {
      block = this.gate.block(now, true)
      if (block !== undefined) break
      // Last, because finding the next call goes through the whole line.
      const next = this.#line.next(this.budget?.delay(now) ?? 0, now, this.gate)
      if (next === undefined) break
      if (next.owesToken) this.#payToken(now)
      this.#settle(next, { type: 'admitted', permit: this.gate.take(now, systemClock.random) })
    }
    for (const waiting of this.#line.takeUnwilling(block?.known ?? 0, now)) {
      this.#settle(waiting, this.#refusal(block, false, now))
    }
    this.#setTimer(block?.ms, now)
  }

  /** Refuses calls whose answer would come after their deadline. */
  #refuseLate(now: number): void {
    const soon = now + (this.gate.limit?.answerTime ?? 0)
    for (;;) {
      const urgent = this.#line.mostUrgent()
      if (urgent === undefined || urgent.deadlineAt > soon) return
      this.#settle(urgent, this.#refusal(this.gate.block(now, this.#line.size > 0), urgent.owesToken, now))
    }
  }

  #setTimer(ms: number | undefined, now: number): void {
    this.#cancelTimer = void this.#cancelTimer?.()
    const urgent = this.#line.mostUrgent()
    if (urgent === undefined) return
    const until = ms ?? this.budget?.delay(now) ?? Number.POSITIVE_INFINITY
    const wait = Math.min(urgent.deadlineAt - now, until, LONGEST_TIMER)
    this.#cancelTimer = systemClock.after(Math.max(1, wait), () => this.#serve())
  }

  #settle(waiting: WaitingCall, turn: Turn): void {
    this.#line.remove(waiting)
    waiting.settle(turn)
  }

  /** Spends a retry token, if there is one. */
  spendToken(now: number): void {
    this.budget = this.budget?.withoutToken(now)
  }

  #hasToken(now: number): boolean {
    return this.budget === undefined || this.budget.tokens(now) >= 1
  }

  #payToken(now: number): boolean {
    const isPaid = this.#hasToken(now)
    if (isPaid) this.spendToken(now)
    return isPaid
  }

  #refusal(block: Block | undefined, owesToken: boolean, now: number): Refused {
    return refusalOf(block, owesToken, this.budget?.delay(now) ?? 0, this.gate.limit?.rate ?? 1)
  }
}
