import {
  checkVendorOptions,
  credentialsFunction,
  credentialsOf,
  httpUrl,
  type OptionCheck,
  OptionsError,
  oneOf,
  parseObject,
  type SessionSource,
  text,
  textOf,
} from '@holdfast/core/plugin'
import { isToken, signatureOf, type TokenSession } from './token.ts'

/** The client that requests a token. */
export type ClientLogin = { readonly clientId: string; readonly clientSecret: string }

interface Grant {
  /** The token endpoint, such as `https://login.example/oauth2/token`. The secret is sent to no other host. */
  readonly tokenUrl: string | URL
  /** Scopes to request: a string with blanks between them, or a list. @default none: the server chooses */
  readonly scope?: string | readonly string[]
  /** Further parameters of the request: `audience`, `resource`. @default none */
  readonly parameters?: Readonly<Record<string, string>>
  /** `basic` sends the client in a header, which every server must take; `body` in the form. @default 'basic' */
  readonly clientAuth?: 'basic' | 'body'
}

/** The options of {@link clientCredentials}: the client, or a function that returns it, called once for each login. */
export type ClientCredentialsOptions =
  | (Grant & ClientLogin & { readonly credentials?: never })
  | (Grant & {
      readonly clientId?: never
      readonly clientSecret?: never
      readonly credentials: () => ClientLogin | Promise<ClientLogin>
    })

/** Tokens of a token endpoint. */
export interface ClientCredentials extends SessionSource<ClientLogin, TokenSession> {
  readonly tokenUrl: string
}

const parameters: OptionCheck = (value, path) => {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : undefined
  if (entries?.every(([, item]) => typeof item === 'string')) return
  throw new OptionsError(path, 'must be an object of texts.')
}

const scopes: OptionCheck = (value, path) => {
  const list = Array.isArray(value) ? value : [value]
  if (list.length > 0 && list.every((item) => typeof item === 'string' && item.trim() !== '')) return
  throw new OptionsError(path, 'must be a text that is not empty, or a list of such.')
}

/**
 * Tokens of an OAuth 2.0 server for the client itself, by the grant of client credentials: RFC 6749, section 4.4.
 *
 * One token serves all callers, and all vendors with this same source and one state. It is renewed shortly before it expires, and
 * when it is refused.
 *
 * @example
 * const auth = clientCredentials({ tokenUrl: 'https://login.example/oauth2/token', clientId, clientSecret, scope: 'orders' })
 * const api = resilient(fetch, { vendor: bearer({ url: 'https://api.example', auth }) })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function clientCredentials(options: ClientCredentialsOptions): ClientCredentials {
  const name = 'clientCredentials'
  checkVendorOptions<ClientCredentialsOptions>(name, options, {
    tokenUrl: httpUrl,
    scope: scopes,
    parameters,
    clientAuth: oneOf('basic', 'body'),
    clientId: text,
    clientSecret: text,
    credentials: credentialsFunction,
  })
  if (options.tokenUrl === undefined) throw new OptionsError('tokenUrl', 'is missing.', name)
  const credentials = credentialsOf(name, options, ['clientId', 'clientSecret'], readClient)
  if (credentials === undefined) throw new OptionsError('clientId', 'is missing.', name)
  const { href, origin, pathname } = new URL(options.tokenUrl)
  const { clientAuth = 'basic' } = options
  const form = formOf(options)
  return {
    tokenUrl: href,
    issuer: origin,
    publicFields: ['clientId'],
    shareKey: `clientCredentials ${pathname} ${clientAuth} ${form}`,
    credentials,
    async open(client, transport) {
      const reply = await transport.send(pathname, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          ...(clientAuth === 'basic' && { authorization: basicOf(client) }),
        },
        body: clientAuth === 'basic' ? form : `${form}&${bodyOf(client)}`,
      })
      return sessionIn(parseObject(await reply.text()), client, `${transport.origin}${pathname}`)
    },
    sign: (_, session) => ({ authorization: signatureOf(session, { scheme: 'Bearer' }) }),
  }
}

function readClient(login: object): ClientLogin {
  const { clientId, clientSecret } = login as ClientLogin
  text(clientId, 'clientId')
  text(clientSecret, 'clientSecret')
  return { clientId, clientSecret }
}

const formOf = ({ scope, parameters: further }: Grant): string =>
  String(
    new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope !== undefined && { scope: typeof scope === 'string' ? scope : scope.join(' ') }),
      ...further,
    }),
  )

const bodyOf = ({ clientId, clientSecret }: ClientLogin): string =>
  String(new URLSearchParams({ client_id: clientId, client_secret: clientSecret }))

/** Both parts are encoded as in a form first: RFC 6749, section 2.3.1. */
function basicOf({ clientId, clientSecret }: ClientLogin): string {
  const encoded = (part: string) => String(new URLSearchParams([['', part]])).slice(1)
  return `Basic ${btoa(`${encoded(clientId)}:${encoded(clientSecret)}`)}`
}

function sessionIn(
  body: ReturnType<typeof parseObject>,
  { clientSecret }: ClientLogin,
  endpoint: string,
): TokenSession {
  const token = textOf(body?.access_token)
  if (!isToken(token)) throw new Error(`${endpoint} answered a login without an \`access_token\`.`)
  const type = textOf(body?.token_type)
  if (type !== undefined && type.toLowerCase() !== 'bearer') {
    throw new Error(`${endpoint} gave a token that is no bearer token.`)
  }
  // Some servers send the number as a string.
  const seconds = Number(body?.expires_in ?? Number.NaN)
  return {
    token,
    secrets: [token, clientSecret],
    ...(seconds > 0 && Number.isFinite(seconds) && { expiresAt: Date.now() + seconds * 1_000 }),
  }
}
