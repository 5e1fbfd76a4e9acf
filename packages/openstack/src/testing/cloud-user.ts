/** The project of {@link loginBody}. */
export const userProject = '3f1c0a52b4d24d0c8c1e2f5a6b7d8e90'

/** The body of a login with a password, for the project. */
export const loginBody = (password = 'secret', user = 'operator') => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name: user, password, domain: { name: 'Default' } } } },
    scope: { project: { id: userProject } },
  },
})

/** Logs in at an identity service and returns the token; an empty string if the login was refused. */
export async function tokenOf(fetch: typeof globalThis.fetch, url: string): Promise<string> {
  const reply = await fetch(`${url}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(loginBody()),
  })
  return reply.headers.get('x-subject-token') ?? ''
}

/** Sends a request with a token; returns the status and the text of the reply, parsed if it is JSON. */
export type Exchange = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<readonly [status: number, body: unknown]>

/** Makes an {@link Exchange} with a service. */
export const exchangeWith =
  (fetch: typeof globalThis.fetch, url: string, token: string): Exchange =>
  async (method, path, body) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    return [reply.status, /json/.test(reply.headers.get('content-type') ?? '') ? JSON.parse(text) : text]
  }

/** The error with which a call rejects. Throws if the call succeeds. */
export const errorOf = (call: Promise<Response>): Promise<unknown> =>
  call.then(
    (response) => {
      throw new Error(`It was answered with ${response.status}.`)
    },
    (error: unknown) => error,
  )
