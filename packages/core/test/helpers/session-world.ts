import { getEventListeners } from 'node:events'
import { type CallOptions, createState, type ResilientFetch, resilient, type State } from '../../src/index.ts'
import type { SessionSource } from '../../src/plugin.ts'
import { keyHeader, keySource, type LodgeRow, lodge, lodgeOrigin, refusal } from './session-vendor.ts'

/** The ways in which the desk, the vault, the floor and each house behave. */
export const desks = ['fine', 'slow', 'hung', 'busy', 'broken', 'unheard', 'deaf'] as const
export const vaults = ['fine', 'slow', 'hung', 'throws'] as const
export const hosts = ['fine', 'dead', 'lies', 'moves'] as const
/** Clients on one state, on two, or with a service that has two endpoints. */
export const layouts = ['one state', 'two states', 'endpoints'] as const
export const floors = ['fine', 'slow', 'hung', 'busy', 'lost', 'rejects'] as const

/** The server's word, in milliseconds. */
const WORD = 3_000
/** Milliseconds that no limit is exact to: turns of the event loop, and the grace of a login. */
const SLACK = 200

/** A second endpoint, for a service that has two. */
const annexOrigin = 'https://annex.lodge.example'
const origins = [lodgeOrigin, annexOrigin] as const

interface Order {
  readonly method: string
  readonly client: number
  readonly deadlineAt: number
  readonly abort: AbortController
  result: 'pending' | 'settled'
  /** Earliest time of its next attempt. */
  notBefore: number
  abortedAt: number
  done: number
}

let worlds = 0

/** A guest house that follows no good order, with its guests; it notes whatever must not happen. */
export class SessionWorld {
  readonly broken: string[] = []
  desk: (typeof desks)[number] = 'fine'
  vault: (typeof vaults)[number] = 'fine'
  floor: (typeof floors)[number] = 'fine'
  readonly houses: Record<string, (typeof hosts)[number]> = { [lodgeOrigin]: 'fine', [annexOrigin]: 'fine' }
  readonly #states = [createState(), createState()] as const
  readonly orders: Order[] = []
  readonly #user = `guest-${++worlds}`
  #right = 'open-0'
  #given = 'open-0'
  readonly #good = new Set<string>()
  readonly #diedAt = new Map<string, number>()
  readonly #closedAt = new Map<number, { readonly at: number; readonly drain: number }>()
  readonly #clients: readonly ResilientFetch<LodgeRow>[]
  readonly #hasTwoStates: boolean
  readonly #refusals: { readonly password: string; readonly at: number }[] = []
  /** Passwords of logins under way: other credentials need not wait for those that were replaced. */
  readonly #underWay = new Set<string>()
  /** By state and host. */
  readonly #loginNotBefore = new Map<string, number>()
  readonly #pauses = new Map<string, { readonly from: number; readonly until: number }>()
  #keys = 0
  readonly #pending = new Set<Promise<unknown>>()

  constructor(layout: (typeof layouts)[number]) {
    this.#hasTwoStates = layout === 'two states'
    const source = (): SessionSource =>
      ({ ...keySource(() => this.#credentials()), shareKey: 'lodge' }) as SessionSource
    const house = () =>
      lodge({ auth: source() as never, ...(layout === 'endpoints' && { origins, endpoints: [...origins] }) })
    const shared = house()
    this.#clients = [shared, shared, house()].map((vendor, client) =>
      resilient((input, init) => this.#fetch(client, new Request(input, init)), {
        vendor,
        state: this.#stateOf(client),
        loginTimeout: 8_000,
        breaker: { minimum: 6 },
        budget: { size: 4 },
        queue: 3,
      }),
    )
  }

  get clients(): number {
    return this.#clients.length
  }

  call(client: number, method: string, options: CallOptions & { readonly totalTimeout: number }): void {
    const now = performance.now()
    const at = this.orders.length
    const order: Order = {
      ...{ method, client, abort: new AbortController(), result: 'pending', notBefore: 0, done: 0 },
      ...{ deadlineAt: now + options.totalTimeout, abortedAt: Number.POSITIVE_INFINITY },
    }
    this.orders.push(order)
    const wasClosed = this.#closedAt.has(client)
    const body = method === 'POST' ? { body: 'towels' } : {}
    const init = {
      method,
      ...body,
      headers: { 'x-order': String(at) },
      signal: order.abort.signal,
      resilience: options,
    }
    const settled = () => {
      order.result = 'settled'
      const closed = this.#closedAt.get(client)
      const end = Math.min(
        order.deadlineAt,
        order.abortedAt,
        closed === undefined ? Number.POSITIVE_INFINITY : Math.max(now, closed.at + closed.drain),
      )
      if (performance.now() > end + SLACK) this.#note(`call ${at} settled ${performance.now() - end} ms late`)
    }
    const sent = (this.#clients[client] as ResilientFetch<LodgeRow>)(`${lodgeOrigin}/rooms/${at}`, init)
    this.#follow(
      sent.then(async (reply) => {
        if (wasClosed) this.#note(`call ${at} went well after close`)
        await reply.text()
        settled()
      }, settled),
    )
  }

  abort(at: number): void {
    const order = this.orders[at % Math.max(1, this.orders.length)]
    if (order === undefined || order.abort.signal.aborted) return
    order.abortedAt = performance.now()
    order.abort.abort()
  }

  close(client: number, drain: number): void {
    const now = performance.now()
    if (!this.#closedAt.has(client)) this.#closedAt.set(client, { at: now, drain })
    const closing = (this.#clients[client] as ResilientFetch<LodgeRow>).close({ drain })
    this.#follow(
      closing.then(() => {
        const ms = performance.now() - now
        if (ms > drain + 10_000 + SLACK) this.#note(`close of ${client} took ${ms} ms`)
        if (this.orders.some((order) => order.client === client && order.result === 'pending'))
          // What has just been cut is told in a later turn.
          setTimeout(() => {
            if (this.orders.some((order) => order.client === client && order.result === 'pending'))
              this.#note(`close of ${client} left a call`)
          }, SLACK)
      }),
    )
  }

  endSessions(): void {
    this.#good.clear()
  }

  changeHouse(isAnnex: boolean, to: (typeof hosts)[number]): void {
    this.houses[isAnnex ? annexOrigin : lodgeOrigin] = to
  }

  /** Another password is right from now on; the vault gives it at once, or not yet. */
  rotate(isGiven: boolean): void {
    this.#right = `open-${Number(this.#right.slice(5)) + 1}`
    if (isGiven) this.#given = this.#right
  }

  reset(): void {
    this.#refusals.length = 0
    this.#loginNotBefore.clear()
    this.#pauses.clear()
    for (const state of this.#states) state.reset()
  }

  /** Things under way that have not ended. */
  get pending(): number {
    return this.#pending.size
  }

  /** The violations at the end. */
  leftovers(): readonly string[] {
    const pending = this.orders.flatMap(({ result }, at) => (result === 'pending' ? [`call ${at} never settled`] : []))
    const heard = this.orders.flatMap(({ abort }, at) =>
      getEventListeners(abort.signal, 'abort').length > 0 ? [`call ${at} left a listener`] : [],
    )
    const sessions = this.#states.reduce((sum, { size }) => sum + size.sessions, 0)
    return [...this.broken, ...pending, ...heard, ...(sessions > 0 ? [`${sessions} sessions are left`] : [])]
  }

  #stateOf(client: number): State {
    return this.#states[this.#hasTwoStates && client === 2 ? 1 : 0] as State
  }

  /** The service that a request is for: what its server says is for all calls of a state. */
  #serviceOf(client: number, { url }: Request): string {
    return `${this.#states.indexOf(this.#stateOf(client) as never)} ${new URL(url).origin}`
  }

  #note(what: string): void {
    this.broken.push(`at ${Math.round(performance.now())}: ${what}`)
  }

  #follow(work: Promise<unknown>): void {
    this.#pending.add(work)
    work.finally(() => this.#pending.delete(work)).catch((thrown) => this.#note(String(thrown)))
  }

  async #credentials() {
    const { vault } = this
    const credentials = { username: this.#user, password: this.#given }
    if (vault === 'slow') await pass(1_500)
    if (vault === 'hung') await pass(60_000)
    if (vault === 'throws') throw new Error('The vault is shut.')
    return credentials
  }

  #fetch(client: number, request: Request): Promise<Response> {
    const { signal } = request
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      this.#answer(client, request, signal).then(resolve, reject)
    })
  }

  async #answer(client: number, request: Request, signal: AbortSignal): Promise<Response> {
    const { origin, pathname } = new URL(request.url)
    if (pathname !== '/login') return this.#floorAnswers(client, request)
    if (this.houses[origin] === 'dead') throw noHost()
    return request.method === 'DELETE' ? this.#logout(request) : this.#login(client, request, signal)
  }

  async #logout(request: Request): Promise<Response> {
    this.#good.delete(request.headers.get(keyHeader) ?? '')
    return new Response(null, { status: 204 })
  }

  async #login(client: number, request: Request, signal: AbortSignal): Promise<Response> {
    const now = performance.now()
    const service = this.#serviceOf(client, request)
    const notBefore = this.#loginNotBefore.get(service) ?? 0
    if (this.#closedAt.size === this.clients) this.#note('a login began after close')
    if (now < notBefore - 1) this.#note(`a login came ${notBefore - now} ms too soon`)
    const { password } = (await request.json()) as { password: string }
    if (this.#underWay.has(password)) this.#note('two logins at a time')
    this.#underWay.add(password)
    signal.addEventListener('abort', () => this.#underWay.delete(password), { once: true })
    try {
      return await this.#deskAnswers(password, signal, service)
    } finally {
      if (!signal.aborted) this.#underWay.delete(password)
    }
  }

  async #deskAnswers(password: string, signal: AbortSignal, service: string): Promise<Response> {
    const { desk } = this
    if (desk === 'slow') await pass(2_000)
    if (desk === 'hung') await pass(90_000)
    if (desk === 'busy') {
      this.#loginNotBefore.set(service, performance.now() + WORD)
      return busy()
    }
    if (desk === 'unheard') throw new TypeError('fetch failed')
    if (password !== this.#right) {
      // Nobody learns of the answer to a login that was given up.
      if (!signal.aborted) this.#refused(password)
      return refusal('PASSWORD_REFUSED')
    }
    const key = `key-${++this.#keys}-of-${this.#user}`
    this.#good.add(key)
    if (desk === 'broken') return new Response('{"key":', { status: 201 })
    if (desk === 'deaf') return new Response(new ReadableStream({}), { status: 201 })
    this.#refusals.length = 0
    return Response.json({ key }, { status: 201 })
  }

  #refused(password: string): void {
    const at = performance.now()
    const before = this.#refusals.filter((one) => one.password === password)
    const last = before.at(-1)
    if (before.length >= 2) this.#note('a third login with refused credentials')
    if (last !== undefined && at - last.at < 60_000 - 1) this.#note('a refused login was repeated within a minute')
    this.#refusals.push({ password, at })
    const passwords = new Set(this.#refusals.map((one) => one.password)).size
    if (this.#refusals.length > Math.max(2, passwords)) this.#note('a refused login was repeated after two in a row')
  }

  async #floorAnswers(client: number, request: Request): Promise<Response> {
    const now = performance.now()
    const { method, headers, url } = request
    const at = Number(headers.get('x-order'))
    const order = this.orders[at] as Order
    const key = headers.get(keyHeader) ?? ''
    const service = this.#serviceOf(client, request)
    this.#checkDeparture(at, { method, client, key, service })
    const { floor } = this
    const { origin } = new URL(url)
    const house = this.houses[origin]
    if (house === 'dead') throw noHost()
    // The word of an endpoint that others have sent a call to does not hold for the service: the session goes on.
    if (house === 'lies') return refusal('KEY_EXPIRED')
    if (!this.#good.has(key) || floor === 'rejects') {
      this.#diedAt.set(key, Math.min(now, this.#diedAt.get(key) ?? now))
      return refusal('KEY_EXPIRED')
    }
    if (house === 'moves') return refusal('DESK_MOVED', { params: [hostBeside(origin)] })
    if (floor === 'busy') {
      order.notBefore = now + WORD
      this.#pauses.set(service, { from: now, until: now + WORD })
      return busy()
    }
    order.done++
    if (method === 'POST' && order.done > 1) this.#note(`call ${at} was done twice`)
    if (floor === 'lost') throw new TypeError('fetch failed')
    if (floor === 'slow') await pass(700)
    if (floor === 'hung') await pass(90_000)
    return new Response('clean')
  }

  /** Nothing leaves that ought to have ended or to wait, nor with a session that is known to be dead. */
  #checkDeparture(at: number, { method, client, key, service }: Departure): void {
    const now = performance.now()
    const { abort, deadlineAt, notBefore } = this.orders[at] as Order
    if (abort.signal.aborted) this.#note(`call ${at} left after its abort`)
    if (now > deadlineAt) this.#note(`call ${at} left after its deadline`)
    if (method === 'POST' && deadlineAt - now < 10) this.#note(`call ${at} left with too little time`)
    if (this.#closedAt.has(client)) this.#note(`call ${at} left after close`)
    if (now < notBefore - 1) this.#note(`call ${at} came ${notBefore - now} ms too soon`)
    const pause = this.#pauses.get(service)
    // A request that is sent at the same moment does not know it yet.
    if (pause !== undefined && now > pause.from && now < pause.until - 1) this.#note(`call ${at} left during a pause`)
    const diedAt = this.#diedAt.get(key)
    if (diedAt !== undefined && now > diedAt) this.#note(`call ${at} showed ${key}, known to be dead`)
  }
}

interface Departure {
  readonly method: string
  readonly client: number
  readonly key: string
  readonly service: string
}

const hostBeside = (origin: string) => new URL(origin === lodgeOrigin ? annexOrigin : lodgeOrigin).host

/** Nobody listens there: what was sent has surely not arrived. */
const noHost = () =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })
const busy = () => new Response(null, { status: 503, headers: { 'retry-after': String(WORD / 1_000) } })
const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
