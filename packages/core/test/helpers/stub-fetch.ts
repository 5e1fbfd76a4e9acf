/** One request as a stub fetch saw it. */
export interface Sent {
  readonly input: string | URL | Request
  readonly init: RequestInit | undefined
  readonly method: string
  readonly url: string
  /** Monotonic milliseconds. */
  readonly at: number
}

/** The answer of a stub fetch to a request. */
export type Answer = (sent: Sent) => Response | Promise<Response>

/** A `fetch` that answers from a script, the last answer for ever, and keeps what it was asked. */
export function stubFetch(...script: readonly [Answer, ...Answer[]]) {
  const sent: Sent[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request ? input : undefined
    const one: Sent = {
      input,
      init,
      method: init?.method ?? request?.method ?? 'GET',
      url: request?.url ?? String(input),
      at: performance.now(),
    }
    const answer = script[Math.min(sent.length, script.length - 1)] ?? script[0]
    sent.push(one)
    return answer(one)
  }
  return { fetch, sent }
}

/** A reply with these members. */
export const reply =
  (status: number, body: BodyInit | null = null, headers: HeadersInit = {}): Answer =>
  () =>
    new Response(body, { status, headers })

/** A plain success. */
export const fine = reply(200, 'fine')

/** A failure of the network as Node's fetch throws it. */
export const breaks =
  (code: string, more: Readonly<Record<string, unknown>> = {}): Answer =>
  () => {
    const syscall = code === 'ECONNREFUSED' ? 'connect' : 'read'
    const members = { code, syscall, ...more }
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(`${syscall} ${code}`), members) })
  }

/** Throws this value. */
export const throws =
  (thrown: unknown): Answer =>
  () => {
    throw thrown
  }

/** Never answers, but hears its signal as fetch does. */
export const hangs: Answer = ({ init, input }) => {
  const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Never answers and is deaf to its signal. */
export const deaf: Answer = () => new Promise(() => {})
