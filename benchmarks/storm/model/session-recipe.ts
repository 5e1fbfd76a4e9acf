import { type Caller, type CallRequest, perClient, sendOnce } from './contender.ts'
import { type Fetch, TOKEN } from './wire.ts'

/**
 * Sessions as in recipes: log in when there is no session, and once more after a 401. Each call does so by itself.
 */
export function withSessions(caller: Caller, fetch: Fetch): Caller {
  const held = perClient(() => ({ token: undefined as string | undefined }))
  return async (request) => {
    const session = held(request.client)
    session.token ??= await logIn(fetch, request)
    const status = await send(caller, request, session.token)
    if (status !== 401) return status
    session.token = await logIn(fetch, request)
    return send(caller, request, session.token)
  }
}

async function logIn(fetch: Fetch, request: CallRequest): Promise<string> {
  const url = new URL('/api/session', request.url).href
  const reply = await sendOnce(fetch, { ...request, url, method: 'POST' })
  return JSON.parse(await reply.text())
}

/** The status, also where a contender puts it into an error. */
async function send(caller: Caller, request: CallRequest, token: string): Promise<number> {
  try {
    return await caller({ ...request, headers: { [TOKEN]: token } })
  } catch (error) {
    const { status, statusCode, response } = error as {
      readonly status?: number
      readonly statusCode?: number
      readonly response?: { readonly status?: number }
    }
    const known = status ?? statusCode ?? response?.status
    if (known === undefined) throw error
    return known
  }
}
