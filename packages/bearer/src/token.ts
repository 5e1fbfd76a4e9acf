import { kindOf, OptionsError, type Session, type SessionSource } from '@holdfast/core/plugin'

/** A token, with the time at which it expires if that is known. */
export interface ExpiringToken {
  readonly token: string
  /** A date, or milliseconds since the epoch. */
  readonly expiresAt?: Date | number
}

/** A session that is a token. */
export interface TokenSession extends Session {
  readonly token: string
}

/** Returns a token, or a promise of one. */
export type TokenFunction = () => string | ExpiringToken | Promise<string | ExpiringToken>

/** The header of a token, and the word before the token. */
export interface Shown {
  readonly header: string
  readonly scheme: string
}

/** Shortest life that is assumed for a token, in milliseconds. */
const SHORTEST_LIFE = 1_000

/** Milliseconds from the epoch to 2001: below are the seconds to any time that is still to come. */
const YEAR_2001 = 1_000_000_000_000

type TokenCredentials = { readonly token: string; readonly expiresAt?: string }

/** Tokens from a function of the user's, which is called once for all callers. */
export const tokenSource = (
  token: string | TokenFunction,
  shown: Shown,
): SessionSource<TokenCredentials, TokenSession> => ({
  publicFields: ['expiresAt'],
  isFixed: typeof token === 'string',
  // A function has no count of refused logins.
  lockoutDecays: true,
  accountOf: () => '',
  credentials: async () => readToken(typeof token === 'string' ? token : await token(), shown),
  open: async ({ token: value, expiresAt }) => ({
    token: value,
    secrets: [value],
    // An end in the past would be taken for that of a server with another clock, and the token never renewed.
    ...(expiresAt !== undefined && { expiresAt: Math.max(Number(expiresAt), Date.now() + SHORTEST_LIFE) }),
  }),
  sign: (_, session) => ({ [shown.header]: signatureOf(session, shown) }),
})

/** The value of the header that shows a token. */
export const signatureOf = ({ token }: TokenSession, { scheme }: Pick<Shown, 'scheme'>): string =>
  scheme === '' ? token : `${scheme} ${token}`

function readToken(given: unknown, { scheme }: Shown): TokenCredentials {
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
  checkScheme(token, scheme, 'token()')
  if (expiresAt === undefined) return { token }
  const at = Number(expiresAt)
  if (!(typeof expiresAt === 'number' || expiresAt instanceof Date) || !Number.isFinite(at)) {
    throw new OptionsError('token().expiresAt', 'must be a date, or milliseconds since the epoch.', 'bearer')
  }
  // A clock that mocks have set to the epoch is not meant.
  if (at < YEAR_2001 && YEAR_2001 <= Date.now()) {
    throw new OptionsError('token().expiresAt', 'is in seconds: milliseconds are `exp * 1_000`.', 'bearer')
  }
  return { token, expiresAt: String(at) }
}

/** @throws {OptionsError} for a token that begins with the word which is sent before it. */
export function checkScheme(token: string, scheme: string, option: string): void {
  if (scheme === '' || !token.toLowerCase().startsWith(`${scheme.toLowerCase()} `)) return
  throw new OptionsError(option, `begins with \`${scheme}\`, which is sent by itself: give the token alone.`, 'bearer')
}

/** True for what a header can carry: RFC 9110, section 5.5. */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)
