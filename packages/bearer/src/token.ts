import { kindOf, OptionsError, type Session, type SessionSource } from '@holdfast/core/plugin'

/** A token, and the time at which it ends where that is known. */
export interface ExpiringToken {
  readonly token: string
  /** A date, or milliseconds since the epoch. */
  readonly expiresAt?: Date | number
}

/** A session that is a token. */
export interface TokenSession extends Session {
  readonly token: string
}

/** Gives a token, or gets it from wherever it is kept. */
export type TokenFunction = () => string | ExpiringToken | Promise<string | ExpiringToken>

/** The header that shows a token, and the word before it. */
export interface Shown {
  readonly header: string
  readonly scheme: string
}

type TokenCredentials = { readonly token: string; readonly expiresAt?: string }

/** Tokens from a function of the user's, which is called once for all callers. */
export const tokenSource = (
  token: string | TokenFunction,
  shown: Shown,
): SessionSource<TokenCredentials, TokenSession> => ({
  publicFields: ['expiresAt'],
  isFixed: typeof token === 'string',
  // Nobody counts how often a function is asked.
  lockoutDecays: true,
  accountOf: () => '',
  credentials: async () => readToken(typeof token === 'string' ? token : await token()),
  open: async ({ token: value, expiresAt }) => ({
    token: value,
    secrets: [value],
    ...(expiresAt !== undefined && { expiresAt: Number(expiresAt) }),
  }),
  sign: ({ headers }, session) => headers.set(shown.header, signatureOf(session, shown)),
})

/** The value of the header that shows a token. */
export const signatureOf = ({ token }: TokenSession, { scheme }: Pick<Shown, 'scheme'>): string =>
  scheme === '' ? token : `${scheme} ${token}`

function readToken(given: unknown): TokenCredentials {
  const { token, expiresAt } = (typeof given === 'object' && given !== null ? given : { token: given }) as {
    readonly [Name in keyof ExpiringToken]?: unknown
  }
  if (!isToken(token)) {
    const problem = `must give a token, or an object with \`token\` and \`expiresAt\`; the token was ${kindOf(token)}`
    throw new OptionsError(
      'token()',
      `${problem}${typeof token === 'string' ? ' with signs that no header takes' : ''}.`,
      'bearer',
    )
  }
  if (expiresAt === undefined) return { token }
  const at = Number(expiresAt)
  if (!(typeof expiresAt === 'number' || expiresAt instanceof Date) || !Number.isFinite(at)) {
    throw new OptionsError('token().expiresAt', 'must be a date, or milliseconds since the epoch.', 'bearer')
  }
  return { token, expiresAt: String(at) }
}

/** True for what a header can carry: RFC 9110, section 5.5. */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)
