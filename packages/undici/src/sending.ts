import { tellUnsent, type Unsent } from '@holdfast/core/plugin'
import type { Dispatcher } from './dispatcher.ts'
import { cutOff, failed, terminated } from './errors.ts'
import { Exchange, type Head } from './exchange.ts'
import { wireHeaders } from './header-list.ts'
import { pathOf } from './path-of.ts'
import type { Hop, Plan } from './plan.ts'
import { isRedirect, nextHop } from './redirect.ts'
import { replyOf } from './reply.ts'
import type { BodySink } from './reply-body.ts'
import { isUndicis, waitingPlaceOf } from './waiting-place.ts'

/** One request with its redirects, until the body of its reply has been read. */
export class Sending {
  readonly #plan: Plan
  readonly #dispatcher: Dispatcher
  /** The `fetch` that was called. */
  readonly #fetch: object
  /** Dropped after they were called: they hold the promise, which holds the reply, which then could not be collected. */
  #resolve: (reply: Response) => void
  #reject: (error: unknown) => void
  #hop: Hop
  #redirects = 0
  /** True once a redirect has led to another origin. */
  #isElsewhere = false
  #exchange: Exchange | undefined
  #body: BodySink | undefined

  constructor(
    plan: Plan,
    dispatcher: Dispatcher,
    fetch: object,
    resolve: (reply: Response) => void,
    reject: (error: unknown) => void,
  ) {
    this.#plan = plan
    this.#dispatcher = dispatcher
    this.#fetch = fetch
    this.#resolve = resolve
    this.#reject = reject
    this.#hop = plan.first
  }

  /** Sends the request, unless its signal has been aborted. */
  start(): void {
    const { signal } = this.#plan
    if (signal?.aborted) return this.handleEvent()
    signal?.addEventListener('abort', this)
    this.#send(this.#hop)
  }

  /** Called when the signal aborts. */
  handleEvent(): void {
    const { signal } = this.#plan
    const reason: unknown = signal?.reason
    const where = this.#waitingPlace()
    if (signal != null && where !== undefined) tellUnsent(this.#fetch, signal, where)
    this.#reject(reason)
    this.#settle()
    this.#body?.fail(reason)
    if (this.#exchange === undefined) this.#hop.body?.cancel?.(reason)
    else this.#exchange.abort(reason)
    this.#release()
  }

  /** The step in which the request is, if it is known that nothing of it was sent. */
  #waitingPlace(): Unsent | undefined {
    if (this.#redirects > 0 || this.#exchange === undefined || this.#exchange.hasStarted) return undefined
    return waitingPlaceOf(this.#dispatcher, this.#hop.url.origin)
  }

  /** Removes its listener from the signal, because nothing is left that could be aborted. */
  #release(): void {
    this.#plan.signal?.removeEventListener('abort', this)
  }

  /** Called when the body of the reply is not wanted any more. */
  drop(reason: unknown): void {
    this.#release()
    this.#body?.fail(reason)
    this.#exchange?.abort(reason)
  }

  throwIfAborted(): void {
    this.#plan.signal?.throwIfAborted()
  }

  resume(): void {
    this.#exchange?.resume()
  }

  #settle(): void {
    this.#resolve = settled
    this.#reject = settled
  }

  #send(hop: Hop): void {
    this.#hop = hop
    const { url, method, headers, body } = hop
    const exchange = new Exchange(this)
    this.#exchange = exchange
    const options = {
      origin: url.origin,
      path: pathOf(url),
      method,
      body: body?.open(),
      headers: wireHeaders(headers, {
        method,
        isHttps: url.protocol === 'https:',
        hasBody: body !== null,
        length: body?.length,
      }),
      // As fetch says it: otherwise an interceptor, or undici 6 by an option of its `Agent`, follows redirects that nobody sees.
      maxRedirections: 0,
    }
    try {
      this.#dispatcher.dispatch(options, exchange)
    } catch (error) {
      exchange.onError(error)
    }
  }

  /** Takes the head of a reply, and returns the consumer of its body; `undefined` if it is not read. */
  onHead(head: Head): BodySink | undefined {
    const { redirect } = this.#plan
    const location = isRedirect(head.status) && redirect !== 'manual' ? head.headers.location : undefined
    if (redirect === 'error' && isRedirect(head.status)) {
      this.#fail(new Error('unexpected redirect'))
    } else if (location !== undefined) {
      this.#follow(head.status, String(location))
    } else if (head.status === 407) {
      this.#fail(new Error('proxy authentication required'))
    } else {
      const { url, method } = this.#hop
      const type = this.#isElsewhere ? 'cors' : 'basic'
      const { reply, body, sink } = replyOf({ head, url, type, hasFollowed: this.#redirects > 0 }, method, this)
      this.#body = sink
      this.#resolve(reply)
      this.#settle()
      // By then a small body is complete.
      if (body !== undefined) queueMicrotask(() => body.watch(reply))
      return sink
    }
    return undefined
  }

  onEnd(): void {
    this.#release()
    // An interceptor may have changed the body.
    if (this.#exchange?.isCutOff && isUndicis(this.#dispatcher)) this.#body?.fail(terminated(cutOff()))
    else this.#body?.end()
  }

  onError(error: unknown): void {
    if (this.#body === undefined) this.#fail(error)
    else this.#body.fail(terminated(error))
    this.#release()
  }

  #follow(status: number, location: string): void {
    const next = nextHop(this.#hop, status, location, this.#redirects)
    if (next instanceof Error) return this.#fail(next)
    this.#redirects++
    this.#isElsewhere ||= next.url.origin !== this.#hop.url.origin
    // The rest of the reply is not needed. The exchange reads it, so that the connection can be used again.
    this.#exchange?.detach()
    // By then a short body has been read, and its connection can be used for the next request.
    queueMicrotask(() => {
      if (!this.#plan.signal?.aborted) this.#send(next)
    })
  }

  #fail(error: unknown): void {
    this.#exchange?.detach()
    this.#release()
    this.#reject(failed(error))
    this.#settle()
  }
}

const settled = () => {}
