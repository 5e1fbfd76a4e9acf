/** The origin of every {@link ScriptedIdentity}. */
export const identityUrl = 'https://iam.example'

/** An identity service that issues a new token for each login. */
export interface ScriptedIdentity {
  /** The issued tokens, one for each login. */
  readonly logins: readonly string[]
  /** Answers a login or a logout; `undefined` for a request to another origin. */
  answer(request: Request): Response | undefined
}

/** Makes an identity service that has issued no token yet. */
export function scriptedIdentity(): ScriptedIdentity {
  const logins: string[] = []
  return {
    logins,
    answer({ method, url }) {
      if (new URL(url).origin !== identityUrl) return undefined
      if (method !== 'POST') return new Response(null, { status: 204 })
      const token = `token-no-${logins.length + 1}`
      logins.push(token)
      const expires_at = new Date(Date.now() + 86_400_000).toISOString()
      const body = { token: { methods: ['password'], expires_at, issued_at: new Date().toISOString() } }
      return Response.json(body, { status: 201, headers: { 'x-subject-token': token } })
    },
  }
}
