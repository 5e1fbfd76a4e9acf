import { LONGEST_TIMER, systemClock } from '../contract/clock.ts'
import type { WaitReason } from '../contract/decision.ts'
import type { Budget } from './budget.ts'
import { Gate } from './gate.ts'
import type { AdmissionOptions, Block } from './guards.ts'
import type { LoadSign } from './limit/evidence.ts'
import { Line, type Waiter } from './line.ts'
import type { Permit } from './permit.ts'
import { MOVED, type Refused, refusalOf, type Turn, type TurnRequest, type WaitingCall, waitInLine } from './turn.ts'

/** The line of every key that nobody has waited for. */
const NOBODY = new Line<WaitingCall>()

/** The one place of a key that every attempt passes: it goes, waits for its turn, or is refused. */
export class Admission {
  /** Everybody's until a token is spent; see {@link Budget.withoutToken}. */
  budget: Budget | undefined
  /** Pause, circuit and limit. */
  readonly gate: Gate
  #line = NOBODY
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

  /** The place of an attempt, where it may go at once. */
  enter(now: number, owesToken: boolean, isImpatient = false): Permit | undefined {
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

  /** The refusal of a call that waits without success; `undefined` if it may wait. */
  refusedAtOnce(waiter: Waiter, now: number): Refused | undefined {
    const block = this.gate.block(now, this.#line.size > 0)
    const refused = this.#refusal(block, waiter.owesToken, now)
    const { known = 0 } = block ?? {}
    if (waiter.deadlineAt <= now + known || known > (waiter.maxWait ?? known)) return refused
    const { limit } = this.gate
    // Milliseconds after its deadline at which it would go, at the best rate that the service has shown.
    const lateBy = limit ? now + (1_000 * this.#line.ahead(waiter)) / limit.bestRate - waiter.deadlineAt : 0
    if (lateBy > 0) return { type: 'refused', reason: 'limited', retryAfter: lateBy }
    return this.#line.size >= this.#queue ? { ...refused, reason: 'queue-full' } : undefined
  }

  /** Waits for a place, in the order of deadlines, until the deadline. */
  wait({ signals, ...waiter }: TurnRequest): Promise<Turn> {
    const refused = this.refusedAtOnce(waiter, systemClock.now())
    if (refused !== undefined) return Promise.resolve(refused)
    const leave = (waiting: WaitingCall) => {
      this.#line.remove(waiting)
      this.#serve()
    }
    const join = (waiting: WaitingCall) => {
      if (this.#line === NOBODY) this.#line = new Line()
      this.#line.add(waiting)
      this.#serve()
    }
    return waitInLine(waiter, signals, { join, leave })
  }

  /**
   * Gives back a place of which nothing can be said.
   *
   * @param isSent true if a request went out with it, which the service has counted.
   */
  release(permit: Permit, isSent: boolean): void {
    this.breaker?.release(permit)
    this.gate.release(isSent)
    this.#serve()
  }

  /** Takes the end of an attempt: its place is free, and its answer says something of the load. */
  finish(sign: LoadSign, now: number): void {
    if (sign.load === 'good') return this.finishWell(sign.ms, sign.isSlow, now)
    this.gate.learn(sign, this.#line, now)
    this.serve()
  }

  /** Takes the end of an attempt that went well. */
  finishWell(ms: number, isSlow: boolean, now: number): void {
    this.budget?.earn(this.#line.onlyOwing ? 1 : undefined)
    this.gate.learnGood(ms, isSlow, this.#line, now)
    this.serve()
  }

  /** Begins anew after an outage, with a share of what the service took. */
  restart(): void {
    this.gate.restart(this.#line, systemClock.now())
  }

  /** Has everybody who waits ask again where to go. */
  move(): void {
    for (const waiting of this.#line.all()) this.#settle(waiting, MOVED)
    this.#serve()
  }

  /** Lets the next out at once. */
  reset(now: number): void {
    this.breaker?.reset()
    this.budget?.fill(now)
    this.pause?.end()
    this.gate.reset(now)
    this.#serve()
  }

  /** Looks who may go now. */
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
      // Finding out who goes first looks through all who wait, so it is done only where one may go.
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

  /** Refuses those to whom an answer would come too late. */
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

  /** Takes a token for a retry, if there is one. */
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
