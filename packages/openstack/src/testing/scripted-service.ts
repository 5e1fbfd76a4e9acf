import { scriptedIdentity } from './scripted-identity.ts'

/** One request that reached the service. */
export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly token: string | null
  /** Milliseconds since the first. */
  readonly at: number
}

/** One answer of a script: a reply, or a connection that breaks. */
export type ScriptedAnswer = (request: Request) => Response | 'breaks'

/** A service that answers by script, and the identity service that its tokens come from. */
export interface ScriptedService {
  readonly fetch: typeof globalThis.fetch
  readonly seen: readonly SeenRequest[]
  /** The issued tokens, one for each login. */
  readonly logins: readonly string[]
}

/** Answers with a status and a JSON body. */
export const says =
  (status: number, body: unknown): ScriptedAnswer =>
  () =>
    Response.json(body, { status })

/** Breaks the connection. */
export const breaks: ScriptedAnswer = () => 'breaks'

/** Makes an identity service that issues a new token for each login, and a service that repeats its last answer. */
export function scriptedService(...script: readonly [ScriptedAnswer, ...ScriptedAnswer[]]): ScriptedService {
  const seen: SeenRequest[] = []
  const identity = scriptedIdentity()
  let began: number | undefined
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const login = identity.answer(request)
    if (login !== undefined) return login
    const { pathname, search } = new URL(request.url)
    began ??= performance.now()
    const token = request.headers.get('x-auth-token')
    seen.push({ method: request.method, path: pathname + search, token, at: performance.now() - began })
    const answer = (script[seen.length - 1] ?? script.at(-1) ?? script[0])(request)
    if (answer !== 'breaks') return answer
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
    throw new TypeError('fetch failed', { cause })
  }
  return { fetch, seen, logins: identity.logins }
}

/**
 * Lets fake time pass until a promise has settled.
 *
 * @param advance lets this many milliseconds pass, such as `(ms) => vi.advanceTimersByTimeAsync(ms)`.
 */
export async function settled<Value>(
  promise: Promise<Value>,
  advance: (ms: number) => Promise<unknown>,
): Promise<Value> {
  let isSettled = false
  const mark = () => {
    isSettled = true
  }
  promise.then(mark, mark)
  while (!isSettled) await advance(1_000)
  return promise
}
