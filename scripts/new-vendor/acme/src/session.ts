import type { Session, SessionSource } from '@holdfast/core/plugin'

/** User name and password of an Acme account. */
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
  async open(login, door) {
    const reply = await door.send('/login', { method: 'POST', body: JSON.stringify(login) })
    const { token } = (await reply.json()) as { readonly token?: unknown }
    if (typeof token !== 'string') throw new Error(`The login at ${door.origin} was answered without a token.`)
    // Whatever stands here is blanked wherever a server repeats it.
    return { token, secrets: [token, login.password] }
  },
  sign: ({ headers }, { token }) => headers.set(tokenHeader, token),
  close: ({ token }, door) => door.send('/login', { method: 'DELETE', headers: { [tokenHeader]: token } }),
})
