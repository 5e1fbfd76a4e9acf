import { setTimeout as sleep } from 'node:timers/promises'
import type { CallOptions, ResilienceEvent, ResilientFetch, ResilientOptions, ServiceSnapshot } from '@holdfast/core'
import type { Ask } from './ask.ts'
import { Crowd } from './crowd.ts'
import type { Narrator } from './narrator.ts'
import { countEvent, countTold, emptyTally } from './tally.ts'
import { type Told, toldBy } from './told.ts'
import { count } from './words.ts'

/** A promise, and whether it was kept. */
export interface Check {
  readonly promise: string
  readonly kept: boolean
}

/** Tells of what a client does. */
type Observe = (event: ResilienceEvent) => void

/** How a scene's client is to be made, and one for another service that shares its state. */
export type MakeClient = (
  observe: Observe,
  other?: Required<Pick<ResilientOptions, 'vendor' | 'state'>>,
) => ResilientFetch

interface StageOptions {
  readonly url: string
  readonly narrator: Narrator
  readonly signal: AbortSignal
  readonly makeClient: MakeClient
}

/** Where a scene plays: it calls the server, tells what happens, and checks what was promised. */
export class Stage {
  readonly tally = emptyTally()
  readonly checks: Check[] = []
  readonly client: ResilientFetch
  readonly #url: string
  readonly #narrator: Narrator
  readonly #signal: AbortSignal
  readonly #makeClient: MakeClient
  readonly #waiting = new Set<Observe>()
  readonly #observe: Observe
  readonly #others: ResilientFetch[] = []

  constructor({ url, narrator, signal, makeClient }: StageOptions) {
    this.#url = url
    this.#narrator = narrator
    this.#signal = signal
    this.#makeClient = makeClient
    this.#observe = (event) => {
      countEvent(this.tally, event)
      narrator.hear(event)
      for (const tell of this.#waiting) tell(event)
    }
    this.client = makeClient(this.#observe)
  }

  /** Makes one call and tells every step of it. */
  async call(ask: Ask, options: CallOptions = {}): Promise<Told> {
    this.#narrator.act(ask.label)
    const client = this.#clientFor(ask).extend({ observers: [this.#narrator.follow(ask)] })
    const told = await this.#ask(client, ask, options)
    this.#narrator.conclude(told)
    return told
  }

  /** Reads the same thing many times at once, and tells what happened to how many. */
  async crowd(many: number, ask: Ask, options: CallOptions = {}): Promise<readonly Told[]> {
    const started = performance.now()
    this.#narrator.act(`${many.toLocaleString('en')} × ${ask.label}, all at once`)
    const crowd = new Crowd(this.#narrator.now, this.#narrator.mannerOf(ask), () => this.circuit === 'half-open')
    const client = this.#clientFor(ask).extend({ observers: [crowd.observe] })
    this.#narrator.crowd = crowd
    const asking = Array.from({ length: many }, () => this.#ask(client, ask, options))
    const told = await Promise.all(asking).finally(() => {
      this.#narrator.crowd = undefined
    })
    this.#narrator.tellCrowd(crowd, told, performance.now() - started)
    return told
  }

  /** Tells what is done to the server. */
  server(what: string): void {
    this.#narrator.say('server', what)
  }

  /** Tells what the caller thinks. */
  caller(what: string): void {
    this.#narrator.say('caller', what)
  }

  /** How the circuit stands; of several hosts, the worst. */
  get circuit(): 'closed' | 'open' | 'half-open' {
    const circuits = this.#states.map(({ circuit }) => circuit)
    return (['open', 'half-open'] as const).find((worst) => circuits.includes(worst)) ?? 'closed'
  }

  /** Tells how circuit and retry budget stand. */
  showState(): void {
    const left = count(Math.floor(Math.min(...this.#states.map(({ budget }) => budget))), 'retry', 'retries')
    this.#narrator.say('state', `circuit ${this.circuit}, ${left} left in the budget`)
  }

  /** Waits until something has happened, ten seconds at most. Throws if it has not. */
  until(happened: (event: ResilienceEvent) => boolean, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const tell = (event: ResilienceEvent) => happened(event) && resolve()
    const stop = () => reject(this.#signal.reason)
    const timer = setTimeout(() => reject(new Error(`Waited ten seconds for ${what}.`)), 10_000)
    this.#waiting.add(tell)
    this.#signal.addEventListener('abort', stop, { once: true })
    return promise.finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(tell)
      this.#signal.removeEventListener('abort', stop)
    })
  }

  /** Waits until the circuit lets somebody try, ten seconds at most. Throws if it does not. */
  async untilHalfOpen(): Promise<void> {
    if (this.circuit === 'half-open') return
    await this.until((event) => event.type === 'circuit-half-opened', 'the circuit to be half-open')
  }

  /** Waits until something holds at a server of our own, ten seconds at most. Throws if it does not. */
  async untilSeen(holds: () => boolean, what: string): Promise<void> {
    const started = performance.now()
    while (!holds()) {
      if (performance.now() - started > 10_000) throw new Error(`Waited ten seconds for ${what}.`)
      await this.pass(10)
    }
  }

  /** Lets milliseconds go by. */
  async pass(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal })
  }

  /** Ends the session, which ends with the last client that uses it. */
  async close(): Promise<void> {
    for (const client of [...this.#others, this.client]) await client.close()
  }

  /** Notes whether a promise was kept. */
  check(promise: string, kept: boolean): void {
    this.checks.push({ promise, kept })
    this.#narrator.judge(promise, kept)
  }

  /** Of each host that was asked. */
  get #states(): readonly ServiceSnapshot[] {
    return this.client.state.snapshot().filter(({ key }) => !key.endsWith(' login'))
  }

  #clientFor({ vendor }: Ask): ResilientFetch {
    if (vendor === undefined) return this.client
    const other = this.#makeClient(this.#observe, { vendor, state: this.client.state })
    this.#others.push(other)
    return other
  }

  async #ask(client: ResilientFetch, { path, init, changes }: Ask, resilience: CallOptions): Promise<Told> {
    const told = await toldBy(client(this.#url + path, { ...init, resilience }))
    countTold(this.tally, changes, told)
    return told
  }
}
