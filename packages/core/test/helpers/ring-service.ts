import type { Fetch } from '../../src/index.ts'
import type { Fault } from '../../src/plugin.ts'
import { type Order, one, orderIn } from './ring-vendor.ts'
import { breaks, hangs } from './stub-fetch.ts'

/** One request as the ring saw it. */
export interface Knock {
  readonly origin: string
  readonly path: string
  readonly order: Partial<Order>
  readonly headers: Headers
}

/** The ring says this, with a 200 as it says everything. */
export const complains = (code: string, fault: Partial<Fault> = {}): Response =>
  Response.json({ error: { code, ...fault } })

/** The ring itself: one endpoint is active, the others name it, and some may be dead. */
export class Ring {
  readonly knocks: Knock[] = []
  /** Nothing listens there. */
  readonly dead = new Set<string>()
  /** Takes a request and never answers. */
  readonly silent = new Set<string>()
  leader: string = one
  /** Spelling of the active host by the other endpoints. */
  spelt = (): string => new URL(this.leader).host
  /** Endpoints that a login names. */
  endpoints: readonly string[] | undefined
  /** What the leader does for whoever has a good token. */
  serve: (knock: Knock) => Response | Promise<Response> | undefined = () => undefined
  readonly #good = new Set<string>()

  /** Whom each request asked, and for what. */
  get received(): readonly string[] {
    return this.knocks.map(({ origin, order }) => `${new URL(origin).hostname.split('.')[0]} ${order.order}`)
  }

  get logins(): readonly Knock[] {
    return this.knocks.filter(({ order }) => order.order === 'login')
  }

  readonly fetch: Fetch = async (input, init) => {
    const sent = { input, init, method: '', url: '', at: 0 }
    const { url, headers, signal, body } = new Request(input, init)
    const { origin, pathname } = new URL(url)
    const order = orderIn(body === null ? undefined : await new Response(body).text())
    const knock = { origin, path: pathname, order, headers }
    this.knocks.push(knock)
    if (this.dead.has(origin)) return breaks('ECONNREFUSED')(sent)
    if (this.silent.has(origin)) return hangs({ ...sent, init: { ...init, signal } })
    return this.answer(knock)
  }

  answer(knock: Knock): Response | Promise<Response> {
    const { origin, order, path } = knock
    if (path !== '/rpc') return new Response(`page ${path}`)
    if (origin !== this.leader) return complains('DOOR_FOLLOWS', { params: [this.spelt()] })
    if (order.order === 'login') {
      const token = `token-${this.#good.size + 1}`
      this.#good.add(token)
      return Response.json({ token, ...(this.endpoints && { endpoints: this.endpoints }) })
    }
    if (!this.#good.has(order.token ?? '')) return complains('TOKEN_GONE', { params: [order.token] })
    return this.serve(knock) ?? Response.json({ done: order.order })
  }
}

/** A request for something. */
export const order = (word: string, more: object = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify({ order: word, ...more }),
})
