import { OptionsError } from '@holdfast/testing/simulator-kit'
import { gatewayReply } from './gateway.ts'
import { type CloudReply, compact, spaced } from './reply.ts'

/** The identity service, as far as the services that accept its tokens use it; `keystoneServer` is one. */
export interface IdentityService {
  readonly isDown: boolean
  readonly projects: readonly { readonly id: string }[]
  /** The token, if it is valid. */
  validate(token: string | null): { readonly project?: { readonly id: string } } | undefined
  /** The state of a token: valid, formerly valid, or unknown. */
  stateOf(token: string | null): 'valid' | 'stale' | 'unknown'
  /** Its own address as it reports it: with `/v3`. */
  uri(): string
}

/** An identity service whose tokens a simulator accepts. */
export const identityService = (given: unknown, path: string): void => {
  const { validate, stateOf } = (given ?? {}) as Partial<IdentityService>
  if (typeof validate === 'function' && typeof stateOf === 'function') return
  throw new OptionsError(path, 'must be the service whose tokens it takes, such as `keystoneServer()`.')
}

/** The family of calls, which refuses tokens in its own format: those of the gateway, OpenStack's own, or the policies of VBS. */
export type ApiFamily = 'gateway' | 'native' | 'policies'

/**
 * The answer to a token that is no longer valid: with 401 in the words of the family, with 403, or, by the
 * policies of VBS only, with a code of theirs and status 400.
 */
export type StaleToken = '401' | '403' | 'AutoBackup.0003'

/** Refuses a request whose token is missing, not valid, or for another project. */
export function checkToken(
  keystone: IdentityService,
  staleToken: StaleToken,
  { request, project, family }: { readonly request: Request; readonly project: string; readonly family: ApiFamily },
): CloudReply | undefined {
  const token = request.headers.get('x-auth-token')
  if (keystone.isDown) return family === 'native' ? keystoneIsDown : gatewayReply('APIG.0613', 'IAM is unavailable')
  const held = keystone.validate(token)
  if (held === undefined)
    return token === null ? noToken(family, keystone) : notGood(keystone, staleToken, token, family)
  return held.project?.id === project ? undefined : notYours
}

function noToken(family: ApiFamily, keystone: IdentityService): CloudReply {
  if (family === 'native') return unauthorized(keystone)
  return gatewayReply('APIG.0301', 'Incorrect IAM authentication information: x-auth-token not found')
}

function notGood(keystone: IdentityService, staleToken: StaleToken, token: string, family: ApiFamily): CloudReply {
  if (staleToken === '403') return tokenIsInvalid
  if (family === 'policies' && staleToken === 'AutoBackup.0003') return policyTokenExpired
  if (family === 'native') return unauthorized(keystone)
  return keystone.stateOf(token) === 'stale'
    ? gatewayReply('APIG.0307', 'The token must be updated.')
    : gatewayReply('APIG.0301', 'Incorrect IAM authentication information: decrypt token fail')
}

const unauthorized = (keystone: IdentityService): CloudReply => ({
  ...spaced(
    401,
    {
      error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
    },
    { 'www-authenticate': `Keystone uri="${keystone.uri()}"` },
  ),
  statusText: 'Unauthorized',
})

const tokenIsInvalid: CloudReply = compact(403, {
  error: { code: 403, message: 'X-Auth-Token is invalid in the request', title: 'Forbidden' },
})

const policyTokenExpired: CloudReply = {
  ...compact(400, { error: { code: 'AutoBackup.0003', message: 'The token has expired.' } }),
  code: 'AutoBackup.0003',
}

/** For another project: every token is for one. */
const notYours: CloudReply = spaced(403, {
  forbidden: { code: 403, message: "Policy doesn't allow this project to be asked about with this token." },
})

const keystoneIsDown: CloudReply = {
  status: 503,
  statusText: 'Service Unavailable',
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  body: [
    '<html>',
    ' <head>',
    '  <title>503 Service Unavailable</title>',
    ' </head>',
    ' <body>',
    '  <h1>503 Service Unavailable</h1>',
    '  The server is currently unavailable. Please try again at a later time.<br /><br />',
    'The Keystone service is temporarily unavailable.',
    '',
    '',
    ' </body>',
    '</html>',
  ].join('\n'),
}
