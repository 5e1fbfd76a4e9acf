/** Milliseconds of one span. */
const SPAN = 10_000
/** Most spans that are remembered. */
const SPANS = 6
/** Spans over which the base of the latency is taken. */
const BASE_SPANS = 3
/** Shortest time that a rate is computed over, in milliseconds. */
const SHORTEST = 1_000
/** Fewest answers from which a rate is computed: a client that calls once an hour is not one of many that share a service. */
const FEWEST = 5
/** Weight of an answer in the mean latency. */
const WEIGHT = 0.1

/** Latency from which on an answer is late: a multiple of the base, and fewest milliseconds. */
const LATE = { times: 4, least: 100 }
/** Requests in flight that are many: a number, and a multiple of the usual number. */
const MANY = 4

/** Some seconds of traffic. */
interface Span {
  readonly count: number
  /** Milliseconds. */
  readonly length: number
  /** Mean milliseconds of an answer. */
  readonly latency: number
}

/** Stands for the spans of every service that has none yet. */
const NONE: readonly Span[] = []

/** The rate and latency of a service without overload. */
export class Traffic {
  #latency = 0
  /** The newest first. */
  #spans: readonly Span[] = NONE
  #count = 0
  #sum = 0
  /** Whole milliseconds, because V8 allocates memory for any other number. */
  #since: number
  /** Milliseconds from which on an answer is late; absent until that is known. */
  #lateFrom: number | undefined

  constructor(now: number) {
    this.#since = Math.trunc(now)
  }

  /** Good answers of the span under way. */
  get count(): number {
    return this.#count
  }

  /** Mean milliseconds of a good answer; 0 before the first. */
  get latency(): number {
    return this.#latency
  }

  /** The least mean latency of the last spans, because trouble may begin with slow answers. 0 before the first answer. */
  get base(): number {
    const known = this.#spans.slice(0, BASE_SPANS)
    return known.length === 0 ? this.#latency : Math.min(...known.map(({ latency }) => latency))
  }

  /**
   * Good answers a second; 0 if nothing is known. The number of answers in a short time depends on chance, so the time is long,
   * and the square root of their number is added.
   */
  rate(now: number): number {
    const span = this.#count === 0 ? 0 : now - this.#since
    const length = this.#spans.reduce((sum, { length }) => sum + length, span)
    const count = this.#spans.reduce((sum, { count }) => sum + count, this.#count)
    if (count < FEWEST) return 0
    return (1_000 * (count + Math.sqrt(count))) / Math.max(SHORTEST, length)
  }

  /** True if so many more requests than usual are in flight that some wait at the service. */
  isCrowded(underWay: number, now: number): boolean {
    return underWay >= MANY && underWay >= (MANY * this.base * this.rate(now)) / 1_000
  }

  /** Begins a new span after a limit, whose answers do not count. */
  resume(now: number): void {
    this.#count = 0
    this.#sum = 0
    this.#since = Math.trunc(now)
  }

  /** Takes a good answer, and tells whether it was late. */
  good(ms: number, now: number): boolean {
    const isLate = this.#lateFrom !== undefined && ms >= this.#lateFrom
    this.#latency = this.#latency === 0 ? ms : this.#latency + WEIGHT * (ms - this.#latency)
    this.#count++
    this.#sum += ms
    const length = now - this.#since
    if (length < SPAN) return isLate
    const span = { count: this.#count, length, latency: this.#sum / this.#count }
    // After a quiet time, older spans no longer count.
    this.#spans = length > SPANS * SPAN ? [] : [span, ...this.#spans].slice(0, SPANS)
    this.#lateFrom = this.#spans.length === 0 ? undefined : Math.max(LATE.least, LATE.times * this.base)
    this.#count = 0
    this.#sum = 0
    this.#since = Math.trunc(now)
    return isLate
  }
}
