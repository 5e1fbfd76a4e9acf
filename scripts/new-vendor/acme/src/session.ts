import type { Session, SessionSource } from '@holdfast/core/plugin'

/** User name and password for Acme. */
export type AcmeCredentials = { readonly username: string; readonly password: string }

/** A session of Acme. */
export interface AcmeSession extends Session {
  readonly token: string
}

/** The header that carries a session. */
export const tokenHeader = 'x-acme-token'

/** Logs in at `/login`, shows the token in a header, and gives it back at the end. */
export const sessionSource = (
  credentials: () => AcmeCredentials | Promise<AcmeCredentials>,
): SessionSource<AcmeCredentials, AcmeSession> => ({
  credentials,
  async open({ username, password }, door) {
    const body = JSON.stringify({ user: username, password })
    const reply = await door.send('/login', { method: 'POST', body })
    const { token, ttl } = (await reply.json()) as { readonly token?: unknown; readonly ttl?: unknown }
    if (typeof token !== 'string') throw new Error(`The login at ${door.origin} was answered without a token.`)
    // Whatever stands among `secrets` is redacted wherever a server repeats it.
    const expiresAt = typeof ttl === 'number' ? { expiresAt: Date.now() + ttl * 1_000 } : {}
    return { token, secrets: [token, password], ...expiresAt }
  },
  sign: (_, { token }) => ({ [tokenHeader]: token }),
  close: ({ token }, door) => door.send('/login', { method: 'DELETE', headers: { [tokenHeader]: token } }),
})
