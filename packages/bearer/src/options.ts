import {
  checkNeeds,
  checkVendorOptions,
  httpUrl,
  kindOf,
  type OptionCheck,
  OptionsError,
  originOf,
  type Reply,
  type SessionSource,
  sessionSource,
} from '@holdfast/core/plugin'
import type { ClientCredentials } from './client-credentials.ts'
import { checkScheme, isToken, type TokenFunction, tokenSource } from './token.ts'

interface Service {
  /** Address of the API, such as `https://api.example`. The token is sent to no other host. */
  readonly url: string | URL
  /**
   * Replies that mean that the token has expired, in addition to status 401 and the challenge `invalid_token`: their statuses, or a
   * function that is called for every status from 400 on.
   *
   * @default none
   */
  readonly refreshOn?: readonly number[] | ((reply: Reply) => boolean)
}

/** The options of `bearer`: a token, or a source of tokens. The compiler's complaint about neither is that of the last. */
export type BearerOptions =
  | (Service & {
      /** A source of tokens, such as `clientCredentials({ … })`. Services that share a source share a token. */
      readonly auth: SessionSource | ClientCredentials
      readonly token?: never
      readonly header?: never
      readonly scheme?: never
    })
  | (Service & {
      /**
       * The token, or a function that returns it: called once for all callers, again shortly before the token expires, and when it
       * is refused. If the token is a string and is refused, the call ends at once, because there is no other.
       */
      readonly token: string | TokenFunction
      /** The header of the token. @default 'authorization' */
      readonly header?: string
      /** The word before the token; an empty string for none. @default 'Bearer' in `authorization`, else none */
      readonly scheme?: string
      readonly auth?: never
    })

/** The options, checked. */
export interface CheckedOptions {
  readonly origin: string
  readonly auth: SessionSource | ClientCredentials
  readonly header: string
  /** True for a reply that means that the token has expired. */
  readonly refreshes: (reply: Reply) => boolean
}

const NAME = /^[\w!#$%&'*+.^`|~-]+$/

/** @throws {OptionsError} naming the option at fault. */
export function checkOptions(options: BearerOptions): CheckedOptions {
  checkVendorOptions<BearerOptions>('bearer', options, {
    url: httpUrl,
    refreshOn,
    token: tokenOrFunction,
    header: matching(NAME, 'the name of a header'),
    scheme: matching(/^[\w!#$%&'*+.^`|~-]*$/, 'a word, such as "Bearer", or an empty text'),
    auth: sessionSource,
  })
  if (options.url === undefined) throw new OptionsError('url', 'is missing: a token must know its host.', 'bearer')
  checkNeeds<BearerOptions>('bearer', options, ['header', 'scheme'], 'token')
  const { token, auth, header = 'authorization' } = options
  if ((token === undefined) === (auth === undefined)) {
    throw new OptionsError(
      'token',
      auth === undefined ? 'is missing.' : 'contradicts `auth`: give one of them.',
      'bearer',
    )
  }
  const name = header.toLowerCase()
  const { scheme = name === 'authorization' ? 'Bearer' : '' } = options
  if (typeof token === 'string') checkScheme(token, scheme, 'token')
  return {
    origin: originOf(options.url),
    auth: auth ?? tokenSource(token ?? '', { header: name, scheme }),
    header: name,
    refreshes: refreshesOn(options.refreshOn ?? []),
  }
}

const refreshesOn = (given: NonNullable<BearerOptions['refreshOn']>) =>
  typeof given === 'function' ? (reply: Reply) => isYes(given(reply)) : ({ status }: Reply) => given.includes(status)

/** Checks that the function returned a boolean. Anything else, such as a promise, must not end a token. */
function isYes(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer
  if (answer instanceof Promise) answer.catch(() => {})
  throw new OptionsError('refreshOn()', `must return true or false, got ${kindOf(answer)}.`, 'bearer')
}

const refreshOn: OptionCheck = (value, path) => {
  if (typeof value === 'function') return
  if (Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 400 && item <= 599)) return
  throw new OptionsError(path, 'must be a list of statuses from 400 to 599, or a function.')
}

// The value may be a token, so no error shows it.
const tokenOrFunction: OptionCheck = (value, path) => {
  if (typeof value === 'function' || isToken(value)) return
  throw new OptionsError(path, 'must be a function, or a text without line breaks that is not empty.')
}

const matching =
  (form: RegExp, what: string): OptionCheck =>
  (value, path) => {
    if (typeof value !== 'string' || !form.test(value)) throw new OptionsError(path, `must be ${what}.`)
  }
