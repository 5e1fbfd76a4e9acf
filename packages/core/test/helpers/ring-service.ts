import type { Fetch } from '../../src/index.ts'
import type { Fault } from '../../src/plugin.ts'
import { type Order, one, orderIn } from './ring-vendor.ts'
import { breaks, hangs } from './stub-fetch.ts'

/** One request as the ring saw it. */
export interface RingRequest {
  readonly origin: string
  readonly path: string
  readonly order: Partial<Order>
  readonly headers: Headers
}

/** An error of the ring, with status 200 like every answer. */
export const complains = (code: string, fault: Partial<Fault> = {}): Response =>
  Response.json({ error: { code, ...fault } })

/** The service: one endpoint is active, the others name it, and some may be dead. */
export class Ring {
  readonly requests: RingRequest[] = []
  /** Endpoints that refuse connections. */
  readonly dead = new Set<string>()
  /** Endpoints that accept requests and never answer. */
  readonly silent = new Set<string>()
  leader: string = one
  /** Spelling of the active host by the other endpoints. */
  spelt = (): string => new URL(this.leader).host
  /** Endpoints that a login names. */
  endpoints: readonly string[] | undefined
  /** The answer of the active endpoint to a request with a valid token. */
  serve: (request: RingRequest) => Response | Promise<Response> | undefined = () => undefined
  readonly #good = new Set<string>()

  /** The host and the order of each request. */
  get received(): readonly string[] {
    return this.requests.map(({ origin, order }) => `${new URL(origin).hostname.split('.')[0]} ${order.order}`)
  }

  get logins(): readonly RingRequest[] {
    return this.requests.filter(({ order }) => order.order === 'login')
  }

  readonly fetch: Fetch = async (input, init) => {
    const sent = { input, init, method: '', url: '', at: 0 }
    const { url, headers, signal, body } = new Request(input, init)
    const { origin, pathname } = new URL(url)
    const order = orderIn(body === null ? undefined : await new Response(body).text())
    const request = { origin, path: pathname, order, headers }
    this.requests.push(request)
    if (this.dead.has(origin)) return breaks('ECONNREFUSED')(sent)
    if (this.silent.has(origin)) return hangs({ ...sent, init: { ...init, signal } })
    return this.answer(request)
  }

  answer(request: RingRequest): Response | Promise<Response> {
    const { origin, order, path } = request
    if (path !== '/rpc') return new Response(`page ${path}`)
    if (origin !== this.leader) return complains('DOOR_FOLLOWS', { params: [this.spelt()] })
    if (order.order === 'login') {
      const token = `token-${this.#good.size + 1}`
      this.#good.add(token)
      return Response.json({ token, ...(this.endpoints && { endpoints: this.endpoints }) })
    }
    if (!this.#good.has(order.token ?? '')) return complains('TOKEN_GONE', { params: [order.token] })
    return this.serve(request) ?? Response.json({ done: order.order })
  }
}

/** The init of a request with this order. */
export const order = (word: string, more: object = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify({ order: word, ...more }),
})
