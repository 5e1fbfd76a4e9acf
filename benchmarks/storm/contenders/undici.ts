import type { Dispatcher } from 'undici'
import type { Answer } from '../model/condition.ts'
import { type Contender, perClient } from '../model/contender.ts'
import { ATTEMPT_TIME } from '../model/times.ts'
import { causeOf, TOKEN } from '../model/wire.ts'
import type { World } from '../model/world.ts'

type Library = typeof import('undici')

/** undici's request with its retry interceptor and its defaults. */
export const undici: Contender = {
  name: 'undici retry interceptor',
  async start({ world }) {
    const library = await import('undici')
    const dispatcherOf = perClient(() => dispatcherOver(world, library).compose(library.interceptors.retry()))
    return async ({ client, url, method, headers, signal }) => {
      const dispatcher = dispatcherOf(client)
      const { statusCode, body } = await library.request(url, { dispatcher, method, headers: { ...headers }, signal })
      await body.dump()
      return statusCode
    }
  },
}

/** A dispatcher whose connections end at the servers of the scenario, with its time limit for headers. */
function dispatcherOver(world: World, { Dispatcher: Base, errors }: Library): Dispatcher {
  class ModelDispatcher extends Base {
    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      const exchange = new Exchange(handler)
      handler.onRequestStart?.(exchange, {})
      if (exchange.isOver) return true
      exchange.endIn(ATTEMPT_TIME, () => new errors.HeadersTimeoutError())
      const token = (options.headers as Readonly<Record<string, string>> | undefined)?.[TOKEN]
      const request = { url: `${options.origin}${options.path}`, method: options.method, token }
      world.send(request, (answer) => exchange.end(answer))
      return true
    }
  }
  return new ModelDispatcher()
}

/** One request on its connection. */
class Exchange implements Dispatcher.DispatchController {
  readonly #handler: Dispatcher.DispatchHandler
  #timer: ReturnType<typeof setTimeout> | undefined
  isOver = false
  aborted = false
  paused = false
  reason: Error | null = null

  constructor(handler: Dispatcher.DispatchHandler) {
    this.#handler = handler
  }

  endIn(ms: number, error: () => Error): void {
    this.#timer = setTimeout(() => this.#fail(error()), ms)
  }

  end(answer: Answer): void {
    if (this.isOver) return
    if (answer.type !== 'reply') return this.#fail(causeOf(answer))
    this.#finish()
    const { status, retryAfter, body } = answer
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
    try {
      this.#handler.onResponseStart?.(this, status, headers, '')
      if (body !== undefined) this.#handler.onResponseData?.(this, Buffer.from(body))
      this.#handler.onResponseEnd?.(this, {})
    } catch (error) {
      // As its own connections do: the interceptor throws the errors that it expects to be passed.
      this.#handler.onResponseError?.(this, error as Error)
    }
  }

  abort(reason: Error): void {
    if (this.isOver) return
    this.aborted = true
    this.reason = reason
    this.#fail(reason)
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  #fail(error: Error): void {
    this.#finish()
    this.#handler.onResponseError?.(this, error)
  }

  #finish(): void {
    this.isOver = true
    clearTimeout(this.#timer)
  }
}
