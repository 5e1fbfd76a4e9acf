import { vi } from 'vitest'

export const identityUrl = 'https://iam.example'

/** One request that reached the service, with the milliseconds since the first. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly token: string | null
  readonly at: number
}

/** An answer of the script: a reply, or a connection that breaks. */
export type Answer = (request: Request) => Response | 'breaks'

export const says =
  (status: number, body: unknown): Answer =>
  () =>
    Response.json(body, { status })

export const fine = says(200, { job_id: 'j-1' })
export const breaks: Answer = () => 'breaks'

/** An identity service that gives a new token for each login, and a service that answers by script; its last answer stays. */
export function serviceOf(...script: readonly [Answer, ...Answer[]]) {
  const seen: Received[] = []
  const logins: string[] = []
  let began: number | undefined
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { origin, pathname, search } = new URL(request.url)
    if (origin === identityUrl) return answerLogin(request, logins)
    began ??= performance.now()
    const token = request.headers.get('x-auth-token')
    seen.push({ method: request.method, path: pathname + search, token, at: performance.now() - began })
    const answer = (script[seen.length - 1] ?? script.at(-1) ?? script[0])(request)
    if (answer !== 'breaks') return answer
    const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
    throw new TypeError('fetch failed', { cause })
  }
  return { fetch, seen, logins }
}

function answerLogin(request: Request, logins: string[]): Response {
  if (request.method !== 'POST') return new Response(null, { status: 204 })
  const token = `token-no-${logins.length + 1}`
  logins.push(token)
  const expires_at = new Date(Date.now() + 86_400_000).toISOString()
  const body = { token: { methods: ['password'], expires_at, issued_at: new Date().toISOString() } }
  return Response.json(body, { status: 201, headers: { 'x-subject-token': token } })
}

/** Lets fake time go by until a promise has settled. */
export async function played<Value>(promise: Promise<Value>): Promise<Value> {
  let isSettled = false
  const mark = () => {
    isSettled = true
  }
  promise.then(mark, mark)
  while (!isSettled) await vi.advanceTimersByTimeAsync(1_000)
  return promise
}

/** What a call rejects with, after as much fake time as it takes. */
export const failureOfCall = (call: Promise<Response>): Promise<unknown> =>
  played(
    call.then(
      (response) => {
        throw new Error(`It was answered with ${response.status}.`)
      },
      (error: unknown) => error,
    ),
  )
