import type { Session, SessionSource } from '@holdfast/core/plugin'
import { tokenHeader } from '../src/index.ts'
import { identityUrl, loginBody } from '../src/testing.ts'

interface Token extends Session {
  readonly token: string
}

/** A source of tokens with nothing but what a vendor needs: a login, a signature, a logout. */
export const tokens: SessionSource<{ readonly username: string; readonly password: string }, Token> = {
  issuer: identityUrl,
  credentials: () => ({ username: 'automation', password: 'secret' }),
  async open({ username, password }, transport) {
    const reply = await transport.send('/v3/auth/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(loginBody(password, username)),
    })
    const token = reply.headers.get('x-subject-token') ?? ''
    await reply.text()
    return { token, secrets: [token, password] }
  },
  sign: ({ headers }, { token }) => headers.set(tokenHeader, token),
  close: ({ token }, transport) =>
    transport.send('/v3/auth/tokens', {
      method: 'DELETE',
      headers: { [tokenHeader]: token, 'x-subject-token': token },
    }),
}
