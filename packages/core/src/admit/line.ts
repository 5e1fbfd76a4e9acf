import type { Priority } from '../contract/policy.ts'
import type { Demand } from './limit/inputs.ts'

/** A call that waits for its turn. */
export interface Waiter {
  readonly priority: Priority
  /** Monotonic milliseconds from which on it is of no use to let it go. */
  readonly deadlineAt: number
  /** Milliseconds of the longest known wait that it accepts. @default any */
  readonly maxWait?: number
  /** True if a fault of its own has met it, which may meet it again: it goes after those that none has met. */
  readonly hasFailed: boolean
  /** Retries that it has used up. */
  readonly retries: number
  /** True if it may go only with a retry token. */
  readonly owesToken: boolean
}

/** Milliseconds for which a rate that is needed is kept. */
const NEEDED_FOR = 100
/** Milliseconds in which all who wait are to have gone, whatever their deadlines. */
const DRAIN = 60_000
/** Milliseconds that are left at least to each of them: one that is late already says nothing of the others. */
const LEAST_LEFT = 500

const ORDER: readonly Priority[] = ['high', 'normal', 'low']
const RANKS = ORDER.flatMap((priority) => [false, true].map((hasFailed) => ({ priority, hasFailed })))

const rankOf = ({ priority, hasFailed }: Pick<Waiter, 'priority' | 'hasFailed'>): number =>
  2 * ORDER.indexOf(priority) + Number(hasFailed)

/**
 * The calls that wait for their turn: the higher priority first, then those that no fault has met, then the earlier
 * deadline, then who came first.
 */
export class Line<W extends Waiter> implements Demand {
  /** Two for each rank: those that may go as they are, and those that need a token. The next stands last. */
  #queues: readonly W[][] = []
  #size = 0
  /** Time until which surely nobody goes, as far as those who wait have been asked about it. */
  #heldUntil = 0
  /** The rate that is needed, as of a time. */
  #needed: { readonly rate: number; readonly at: number } | undefined

  get size(): number {
    return this.#size
  }

  add(waiter: W): void {
    // Made with the first who waits: most services never have one.
    if (this.#queues.length === 0) this.#queues = RANKS.flatMap(() => [[], []])
    const queue = this.#queueOf(waiter)
    queue.splice(firstBefore(queue, waiter.deadlineAt), 0, waiter)
    this.#size++
  }

  /** Takes one out; false if it is not in. */
  remove(waiter: W): boolean {
    const queue = this.#queueOf(waiter)
    for (let at = firstBefore(queue, waiter.deadlineAt); queue[at]?.deadlineAt === waiter.deadlineAt; at++) {
      if (queue[at] !== waiter) continue
      queue.splice(at, 1)
      this.#size--
      return true
    }
    return false
  }

  /**
   * The next to go. Who needs a token is passed over where there is none. But where nobody else waits, and it comes too late for
   * all of them, nobody would find out that the service is there again: one is risked, for the gate paces probes.
   *
   * @param tokenIn milliseconds until there is a token.
   * @param isProbing true while it will probably fail: the one who can wait longest is risked.
   * @param isFaulty true while many meet a fault: those whom none has met go first.
   */
  next(
    tokenIn: number,
    now: number,
    { isProbing, isFaulty }: { readonly isProbing: boolean; readonly isFaulty: boolean },
  ): W | undefined {
    const hasToken = tokenIn === 0
    if (isProbing) return this.#last(hasToken || this.#owesInVain(now + tokenIn))
    for (let at = 0; at < this.#queues.length; at += 4) {
      const [free, owing, failed, failedOwing] = this.#queues.slice(at, at + 4).map((queue) => queue.at(-1))
      const fresh = earlier(free, hasToken ? owing : undefined)
      const other = earlier(failed, hasToken ? failedOwing : undefined)
      const found = isFaulty ? (fresh ?? other) : earlier(fresh, other)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The one to be risked: the lowest priority, one that no fault has met, the fewest retries used up, the latest deadline. */
  #last(hasToken: boolean): W | undefined {
    for (let at = this.#queues.length - 4; at >= 0; at -= 4) {
      const [free, owing, failed, failedOwing] = this.#queues.slice(at, at + 4).map(freshest)
      const found = fresher(free, hasToken ? owing : undefined) ?? fresher(failed, hasToken ? failedOwing : undefined)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** True if all who wait need a token. */
  get onlyOwing(): boolean {
    return this.#size > 0 && this.#queues.every((queue, at) => at % 2 === 1 || queue.length === 0)
  }

  /** The one whose deadline is the earliest of all. */
  mostUrgent(): W | undefined {
    let found: W | undefined
    for (const queue of this.#queues) {
      const last = queue.at(-1)
      if (last !== undefined && (found === undefined || last.deadlineAt < found.deadlineAt)) found = last
    }
    return found
  }

  /** Calls that would go before this one. */
  ahead({ deadlineAt, ...waiter }: Waiter): number {
    const first = 2 * rankOf(waiter)
    const higher = this.#queues.slice(0, first).map((queue) => queue.length)
    const same = this.#queues.slice(first, first + 2).map((queue) => queue.length - firstBefore(queue, deadlineAt))
    return [...higher, ...same].reduce((sum, count) => sum + count, 0)
  }

  /** Those who do not accept a known wait that has grown to that length. */
  takeUnwilling(ms: number, now: number): readonly W[] {
    // Asked each time that somebody goes, and most waits have no known length, or the one that they were asked about.
    const hasGrown = now + ms > this.#heldUntil
    this.#heldUntil = now + ms
    if (ms === 0 || !hasGrown) return []
    return this.all().filter(({ maxWait = Number.POSITIVE_INFINITY }) => ms > maxWait)
  }

  /** Requests a second with which all of them go in time: those who cannot wait as long as they like, in order. */
  neededRate(now: number): number {
    if (this.#size === 0) return 0
    // Asked with each answer, and it changes slowly.
    if (this.#needed !== undefined && now - this.#needed.at < NEEDED_FOR) return this.#needed.rate
    const rate = neededRate(this.all(), now)
    this.#needed = { rate, at: now }
    return rate
  }

  /** All of them. */
  all(): readonly W[] {
    return this.#queues.flat()
  }

  /** True if all who wait need a token, and have no use for one that comes at that time. */
  #owesInVain(tokenAt: number): boolean {
    return this.onlyOwing && this.all().every(({ deadlineAt }) => deadlineAt <= tokenAt)
  }

  #queueOf(waiter: Waiter): W[] {
    return this.#queues[2 * rankOf(waiter) + Number(waiter.owesToken)] ?? []
  }
}

const earlier = <W extends Waiter>(one: W | undefined, other: W | undefined): W | undefined =>
  one === undefined || other === undefined ? (one ?? other) : other.deadlineAt < one.deadlineAt ? other : one

/** Of two, the one with fewer retries used up; of as many, the one with the later deadline. */
const fresher = <W extends Waiter>(one: W | undefined, other: W | undefined): W | undefined => {
  if (one === undefined || other === undefined) return one ?? other
  return (other.retries - one.retries || one.deadlineAt - other.deadlineAt) < 0 ? other : one
}

const freshest = <W extends Waiter>(queue: readonly W[]): W | undefined =>
  queue.reduce<W | undefined>((found, waiter) => fresher(found, waiter), undefined)

/** The first place whose waiter has no later deadline; waiters of one deadline stand behind it. */
function firstBefore(queue: readonly Waiter[], deadlineAt: number): number {
  let [low, high] = [0, queue.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((queue[middle]?.deadlineAt ?? 0) > deadlineAt) low = middle + 1
    else high = middle
  }
  return low
}

/** The highest of the rates with which the first of them, the first two and so on go by their deadlines. */
function neededRate(waiters: readonly Waiter[], now: number): number {
  const left = waiters.map(({ deadlineAt }) => Math.max(LEAST_LEFT, deadlineAt - now)).sort((a, b) => a - b)
  return left.reduce((most, ms, before) => Math.max(most, (1_000 * (before + 1)) / Math.min(ms, DRAIN)), 0)
}
