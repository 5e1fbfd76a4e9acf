import { type ResilientFetch, resilient, type State } from '@holdfast/core'
import type { House } from './house.ts'
import { houseVendor } from './vendor.ts'

/** Users with a wrong password: as many as the process remembers at most, about 10 kB each. */
const LATE = 1_000

/** Everything that a long process does with clients, one after the other, for as long as it runs. */
export class Guests {
  password = 'open-0'
  /** Calls and clients by what became of them. */
  readonly counts: Record<string, number> = { fine: 0, failed: 0, tenants: 0 }
  readonly main: ResilientFetch
  readonly #house: House
  readonly #state: State
  #tenants = 0

  constructor(house: House, state: State, signal: AbortSignal) {
    this.#house = house
    this.#state = state
    this.main = this.#guest('operator', { signal })
  }

  /** Lets every user with a wrong password be refused once, so that the remembered refusals no longer grow. */
  async comeLate(): Promise<void> {
    const room = `${this.#house.url}/rooms/1`
    for (let at = 0; at < LATE; at += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, next) => this.#late(at + next, room)))
    }
  }

  #late(number: number, room: string): Promise<void> {
    return this.#count(this.#guest(`late-${number}`, {}, 'never right')(room))
  }

  /** One of the things that happen, by chance. */
  async step(): Promise<void> {
    const room = `${this.#house.url}/rooms/${Math.floor(1_000 * Math.random())}`
    const luck = Math.random()
    if (luck < 0.4) return this.#count(this.main(room))
    if (luck < 0.55) return this.#count(this.main(room, { method: 'POST', body: 'towels' }))
    if (luck < 0.7) return this.#count(this.main.extend({ observers: [() => {}] })(room))
    if (luck < 0.8) return this.#count(this.main(room, { signal: AbortSignal.timeout(Math.ceil(20 * Math.random())) }))
    if (luck < 0.85) return this.#count(resilient(fetch, { state: this.#state, retry: 0 })(`${this.#house.deadUrl}/`))
    if (luck < 0.9) return this.#late(++this.#tenants % LATE, room)
    await this.#tenant(room)
  }

  /** A client that is made, sends calls, and is closed; some are not closed. */
  async #tenant(room: string): Promise<void> {
    this.counts.tenants = (this.counts.tenants ?? 0) + 1
    const tenant = this.#guest(`tenant-${++this.#tenants}`)
    await this.#count(tenant(room))
    if (Math.random() < 0.7) await tenant.close({ drain: 100 })
  }

  #guest(username: string, init: RequestInit = {}, password?: string): ResilientFetch {
    const { url } = this.#house
    const credentials = () => ({ username, password: password ?? this.password })
    return resilient(fetch, {
      vendor: houseVendor(url, credentials),
      ...{ state: this.#state, init, timeout: 1_000, totalTimeout: 5_000, retry: { limit: 2 } },
    })
  }

  async #count(call: Promise<Response>): Promise<void> {
    const end = await call
      .then((reply) => reply.text())
      .then(
        () => 'fine',
        () => 'failed',
      )
    this.counts[end] = (this.counts[end] ?? 0) + 1
  }
}
