import type { Priority } from '../contract/policy.ts'
import type { Demand } from './limit/inputs.ts'

/** A call that waits for its turn. */
export interface Waiter {
  readonly priority: Priority
  /** Monotonic milliseconds from which on it is too late for it to go. */
  readonly deadlineAt: number
  /** Milliseconds of the longest known wait that it accepts. @default any */
  readonly maxWait?: number
  /** True if it has met a connection fault, which it may meet again: it goes after those that have not. */
  readonly hasFailed: boolean
  /** Retries that it has used up. */
  readonly retries: number
  /** True if it may go only with a retry token. */
  readonly owesToken: boolean
}

/** Milliseconds for which a computed rate is kept. */
const NEEDED_FOR = 100
/** Milliseconds within which all waiting calls are to go, whatever their deadlines. */
const DRAIN = 60_000
/** Fewest milliseconds that count as left to a call: one that is late already says nothing about the others. */
const LEAST_LEFT = 500

const ORDER: readonly Priority[] = ['high', 'normal', 'low']
const RANKS = ORDER.flatMap((priority) => [false, true].map((hasFailed) => ({ priority, hasFailed })))

const rankOf = ({ priority, hasFailed }: Pick<Waiter, 'priority' | 'hasFailed'>): number =>
  2 * ORDER.indexOf(priority) + Number(hasFailed)

/**
 * The calls that wait for their turn. First the higher priority, then those without a connection fault, then the earlier
 * deadline, then the order in which they came.
 */
export class Line<W extends Waiter> implements Demand {
  /** Two for each rank: calls that need no token, and calls that need one. The next one is the last of its queue. */
  #queues: readonly W[][] = []
  #size = 0
  /** End of the longest known wait that the waiting calls have been checked against. */
  #heldUntil = 0
  /** The needed rate, and the time at which it was computed. */
  #needed: { readonly rate: number; readonly at: number } | undefined

  get size(): number {
    return this.#size
  }

  add(waiter: W): void {
    // Made for the first waiting call: most services never have one.
    if (this.#queues.length === 0) this.#queues = RANKS.flatMap(() => [[], []])
    const queue = this.#queueOf(waiter)
    queue.splice(firstBefore(queue, waiter.deadlineAt), 0, waiter)
    this.#size++
  }

  /** Takes one out. */
  remove(waiter: W): void {
    const queue = this.#queueOf(waiter)
    const at = queue.indexOf(waiter, firstBefore(queue, waiter.deadlineAt))
    if (at < 0) return
    queue.splice(at, 1)
    this.#size--
  }

  /**
   * The next call to go. Without a token, calls that need one are passed over. But if all waiting calls need one, and it comes too
   * late for all of them, one goes as a probe without it: otherwise nobody would notice that the service is up again. The gate
   * paces probes.
   *
   * @param tokenIn milliseconds until there is a token.
   * @param isProbing true while the next request will probably fail: the call that can best afford it goes.
   * @param isFaulty true while many meet a fault: calls that have met none go first.
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

  /** The call to probe with: of the lowest priority, without a connection fault, with the fewest retries, the latest deadline. */
  #last(hasToken: boolean): W | undefined {
    for (let at = this.#queues.length - 4; at >= 0; at -= 4) {
      const [free, owing, failed, failedOwing] = this.#queues.slice(at, at + 4).map(freshest)
      const found = fresher(free, hasToken ? owing : undefined) ?? fresher(failed, hasToken ? failedOwing : undefined)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The call with the earliest deadline. */
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

  /** The calls whose `maxWait` is exceeded by a known wait of that length. */
  takeUnwilling(ms: number, now: number): readonly W[] {
    // Called whenever a call goes, and most known waits are 0 or have been checked before.
    const hasGrown = now + ms > this.#heldUntil
    this.#heldUntil = now + ms
    if (ms === 0 || !hasGrown) return []
    return this.all().filter(({ maxWait = Number.POSITIVE_INFINITY }) => ms > maxWait)
  }

  /** Requests a second with which all waiting calls go before their deadlines. */
  neededRate(now: number): number {
    if (this.#size === 0) return 0
    // Called with each answer, and it changes slowly.
    if (this.#needed !== undefined && now - this.#needed.at < NEEDED_FOR) return this.#needed.rate
    const rate = neededRate(this.all(), now)
    this.#needed = { rate, at: now }
    return rate
  }

  /** All of them. */
  all(): readonly W[] {
    return this.#queues.flat()
  }

  /** True if all waiting calls need a token, and the next one comes too late for each. */
  #owesInVain(tokenAt: number): boolean {
    return this.#queues.every((queue, at) =>
      at % 2 === 0 ? queue.length === 0 : queue.every(({ deadlineAt }) => deadlineAt <= tokenAt),
    )
  }

  #queueOf(waiter: Waiter): W[] {
    return this.#queues[2 * rankOf(waiter) + Number(waiter.owesToken)] ?? []
  }
}

const earlier = <W extends Waiter>(one: W | undefined, other: W | undefined): W | undefined =>
  one === undefined || other === undefined ? (one ?? other) : other.deadlineAt < one.deadlineAt ? other : one

/** The one of two calls with fewer retries or, if both have as many, with the later deadline. */
const fresher = <W extends Waiter>(one: W | undefined, other: W | undefined): W | undefined => {
  if (one === undefined || other === undefined) return one ?? other
  return (other.retries - one.retries || one.deadlineAt - other.deadlineAt) < 0 ? other : one
}

const freshest = <W extends Waiter>(queue: readonly W[]): W | undefined =>
  queue.reduce<W | undefined>((found, waiter) => fresher(found, waiter), undefined)

/** The first index whose waiter has no later deadline. */
function firstBefore(queue: readonly Waiter[], deadlineAt: number): number {
  let [low, high] = [0, queue.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((queue[middle]?.deadlineAt ?? 0) > deadlineAt) low = middle + 1
    else high = middle
  }
  return low
}

/** The lowest rate at which all calls meet their deadlines: the highest that the first one, the first two and so on need. */
function neededRate(waiters: readonly Waiter[], now: number): number {
  const left = waiters.map(({ deadlineAt }) => Math.max(LEAST_LEFT, deadlineAt - now)).sort((a, b) => a - b)
  return left.reduce((most, ms, before) => Math.max(most, (1_000 * (before + 1)) / Math.min(ms, DRAIN)), 0)
}
