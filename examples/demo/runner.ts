import { setTimeout as sleep } from 'node:timers/promises'
import type { CallOptions, ResilienceEvent, ResilientFetch, ResilientOptions, ServiceSnapshot } from '@holdfast/core'
import { type VendorWork, withWork } from '@holdfast/core/work'
import { countEvent, countResult, zeroCounts } from './counts.ts'
import { EventGroups } from './event-groups.ts'
import { count } from './messages.ts'
import type { Reporter } from './reporter.ts'
import type { DemoRequest } from './request.ts'
import { type Result, resultOf } from './result.ts'
import { watched } from './watched.ts'

/** A promise, and whether it was kept. */
export interface Check {
  readonly promise: string
  readonly kept: boolean
}

/** Takes the events of a client. */
type Observe = (event: ResilienceEvent) => void

/** Makes the client of a scenario, and clients of other services that share its state. */
export type MakeClient = (
  observe: Observe,
  other?: Required<Pick<ResilientOptions, 'vendor' | 'state'>>,
) => ResilientFetch

interface RunnerOptions {
  readonly url: string
  readonly reporter: Reporter
  readonly signal: AbortSignal
  readonly makeClient: MakeClient
}

/** Makes the calls of a scenario, reports what happens, and checks what was promised. */
export class Runner {
  readonly counts = zeroCounts()
  readonly checks: Check[] = []
  readonly client: ResilientFetch
  readonly #url: string
  readonly #reporter: Reporter
  readonly #signal: AbortSignal
  readonly #makeClient: MakeClient
  readonly #waiting = new Set<Observe>()
  readonly #observe: Observe
  readonly #others: ResilientFetch[] = []

  constructor({ url, reporter, signal, makeClient }: RunnerOptions) {
    this.#url = url
    this.#reporter = reporter
    this.#signal = signal
    this.#makeClient = makeClient
    this.#observe = (event) => {
      countEvent(this.counts, event)
      reporter.observe(event)
      for (const observer of this.#waiting) observer(event)
    }
    this.client = makeClient(this.#observe)
  }

  /** Makes one call and reports every step of it. */
  async call(request: DemoRequest, options: CallOptions = {}): Promise<Result> {
    this.#reporter.request(request.label)
    const client = this.#clientFor(request).extend({ observers: [this.#reporter.observerOf(request)] })
    const result = await this.#send(client, request, options)
    this.#reporter.result(result)
    return result
  }

  /** Makes many equal calls at once, and reports what happened to how many. */
  async callMany(number: number, request: DemoRequest, options: CallOptions = {}): Promise<readonly Result[]> {
    const started = performance.now()
    this.#reporter.request(`${number.toLocaleString('en')} × ${request.label}, all at once`)
    const groups = new EventGroups(
      this.#reporter.now,
      this.#reporter.styleOf(request),
      () => this.circuit === 'half-open',
    )
    const client = this.#clientFor(request).extend({ observers: [groups.observe] })
    this.#reporter.groups = groups
    const calls = Array.from({ length: number }, () => this.#send(client, request, options))
    const results = await Promise.all(calls).finally(() => {
      this.#reporter.groups = undefined
    })
    this.#reporter.results(groups, results, performance.now() - started)
    return results
  }

  /** Begins long work, all of it at once, and shows how each stands until the last has ended. */
  async work(knowledge: VendorWork, requests: readonly DemoRequest[]): Promise<readonly Result[]> {
    const client = withWork(this.client, knowledge)
    const live = this.#reporter.live()
    const run = async ({ label, path, init, changes }: DemoRequest) => {
      const begun = client.start(this.#url + path, init)
      const result = await resultOf(
        begun.then((work) =>
          watched(work, (state, isLast) => live.show(label, this.#reporter.workLine(label, state), isLast)),
        ),
      )
      countResult(this.counts, changes, result)
      return result
    }
    return Promise.all(requests.map(run)).finally(() => live.done())
  }

  /** Reports what happens to the server. */
  server(text: string): void {
    this.#reporter.note('server', text)
  }

  /** Reports what the caller does besides calling. */
  caller(text: string): void {
    this.#reporter.note('caller', text)
  }

  /** State of the circuit; of several hosts, the worst. */
  get circuit(): 'closed' | 'open' | 'half-open' {
    const circuits = this.#states.map(({ circuit }) => circuit)
    return (['open', 'half-open'] as const).find((worst) => circuits.includes(worst)) ?? 'closed'
  }

  /** Reports the circuit and the retry budget. */
  showState(): void {
    const left = count(Math.floor(Math.min(...this.#states.map(({ budget }) => budget))), 'retry', 'retries')
    this.#reporter.note('state', `circuit ${this.circuit}, ${left} left in the budget`)
  }

  /** Waits until something has happened, ten seconds at most. Throws if it has not. */
  until(happened: (event: ResilienceEvent) => boolean, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const observe = (event: ResilienceEvent) => happened(event) && resolve()
    const stop = () => reject(this.#signal.reason)
    const timer = setTimeout(() => reject(new Error(`Waited a minute for ${what}.`)), 60_000)
    this.#waiting.add(observe)
    this.#signal.addEventListener('abort', stop, { once: true })
    return promise.finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(observe)
      this.#signal.removeEventListener('abort', stop)
    })
  }

  /** Waits until the circuit lets one call through, ten seconds at most. Throws if it does not. */
  async untilHalfOpen(): Promise<void> {
    if (this.circuit === 'half-open') return
    await this.until((event) => event.type === 'circuit-half-opened', 'the circuit to be half-open')
  }

  /** Waits until something holds at the simulated server, ten seconds at most. Throws if it does not. */
  async untilSeen(holds: () => boolean, what: string): Promise<void> {
    const started = performance.now()
    while (!holds()) {
      if (performance.now() - started > 60_000) throw new Error(`Waited a minute for ${what}.`)
      await this.wait(10)
    }
  }

  /** Waits for milliseconds. */
  async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal })
  }

  /** Ends the session, which ends with the last client that uses it. */
  async close(): Promise<void> {
    for (const client of [...this.#others, this.client]) await client.close()
  }

  /** Records a promise, kept or broken. */
  check(promise: string, kept: boolean): void {
    this.checks.push({ promise, kept })
    this.#reporter.check(promise, kept)
  }

  /** The service state of each host that was called. */
  get #states(): readonly ServiceSnapshot[] {
    return this.client.state.snapshot().filter(({ key }) => !key.endsWith(' login'))
  }

  #clientFor({ vendor }: DemoRequest): ResilientFetch {
    if (vendor === undefined) return this.client
    const other = this.#makeClient(this.#observe, { vendor, state: this.client.state })
    this.#others.push(other)
    return other
  }

  async #send(client: ResilientFetch, { path, init, changes }: DemoRequest, resilience: CallOptions): Promise<Result> {
    const result = await resultOf(client(this.#url + path, { ...init, resilience }))
    countResult(this.counts, changes, result)
    return result
  }
}
