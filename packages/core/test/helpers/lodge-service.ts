import { HttpResponse, http } from 'msw'
import type { Fetch } from '../../src/index.ts'
import { keyHeader, password, refusal, username } from './session-vendor.ts'

/** One request as the lodge saw it. */
export interface Visit {
  readonly method: string
  readonly url: string
  readonly origin: string
  readonly path: string
  readonly headers: Headers
  readonly body: string
  /** Monotonic milliseconds. */
  readonly at: number
}

/** The answer of the lodge to a request; `undefined` for the usual one. */
export type Reaction = (visit: Visit) => Response | Promise<Response> | undefined

/** The service: it issues keys, and answers requests with a valid key. */
export class Lodge {
  readonly visits: Visit[] = []
  /** The right login. */
  accepted: Readonly<Record<string, string>> = { username, password }
  /** Further members of the reply to a login. */
  limits: () => Readonly<Record<string, number>> = () => ({})
  /** Changes what it does at the desk. */
  atDesk: Reaction = () => undefined
  /** Changes what it does upstairs, for guests with a good key. */
  upstairs: Reaction = () => undefined
  /** Its answers at single addresses, by `origin/path`. */
  readonly at = new Map<string, (visit: Visit) => Response>()
  readonly #good = new Set<string>()
  #given = 0

  get logins(): readonly Visit[] {
    return this.visits.filter(({ method, path }) => method === 'POST' && path === '/login')
  }

  get logouts(): readonly Visit[] {
    return this.visits.filter(({ method, path }) => method === 'DELETE' && path === '/login')
  }

  /** Everything but logins and logouts. */
  get calls(): readonly Visit[] {
    return this.visits.filter(({ path }) => path !== '/login')
  }

  /** The keys that calls have shown, each once, in order. */
  get keysShown(): readonly (string | null)[] {
    return [...new Set(this.calls.map(({ headers }) => headers.get(keyHeader)))]
  }

  /** No key that was given is good any more. */
  forgetKeys(): void {
    this.#good.clear()
  }

  /** Redirects an address to another one. */
  sendOn(from: string, status: number, to: string): void {
    this.at.set(from, () => new Response('see there', { status, headers: { location: to } }))
  }

  async answer(visit: Visit): Promise<Response> {
    this.visits.push(visit)
    const there = this.at.get(visit.origin + visit.path)
    if (there !== undefined) return there(visit)
    return visit.path === '/login' ? this.#desk(visit) : this.#floor(visit)
  }

  async #desk(visit: Visit): Promise<Response> {
    const changed = await this.atDesk(visit)
    if (changed !== undefined) return changed
    if (visit.method === 'DELETE') {
      const stood = this.#good.delete(visit.headers.get(keyHeader) ?? '')
      return stood ? new Response(null, { status: 204 }) : refusal('KEY_EXPIRED')
    }
    const login = JSON.parse(visit.body) as Record<string, string>
    if (Object.entries(this.accepted).some(([name, value]) => login[name] !== value)) return refusal('PASSWORD_REFUSED')
    this.#given++
    const key = `key-no-${this.#given}`
    this.#good.add(key)
    return Response.json({ key, ...this.limits() }, { status: 201 })
  }

  async #floor(visit: Visit): Promise<Response> {
    if (!this.#good.has(visit.headers.get(keyHeader) ?? '')) return refusal('KEY_EXPIRED')
    return (await this.upstairs(visit)) ?? new Response(`room ${visit.path}`)
  }

  /** Answers without a wire, and hears its signal as fetch does. */
  readonly fetch: Fetch = (input, init) => {
    const request = new Request(input, init)
    return new Promise((resolve, reject) => {
      const { signal } = request
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      this.answer(visitOf(request, typeof init?.body === 'string' ? init.body : '')).then(resolve, reject)
    })
  }

  /** Answers on the wire, wherever a request goes. */
  readonly handler = http.all('*', async ({ request }) => {
    const reply = await this.answer(visitOf(request, await request.clone().text()))
    return reply.type === 'error' ? HttpResponse.error() : reply
  })
}

function visitOf({ method, url, headers }: Request, body: string): Visit {
  const { origin, pathname } = new URL(url)
  return { method, url, origin, path: pathname, headers: new Headers(headers), body, at: performance.now() }
}
