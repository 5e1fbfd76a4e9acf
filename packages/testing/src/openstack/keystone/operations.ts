import { type Asked, type Operation, param } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import { type CloudReply, spaced } from '../reply.ts'
import { tokenBody, versionChoice, versionPage } from './body.ts'
import type { LoginParts, Logins } from './logins.ts'
import type { KeystoneSettings } from './options.ts'
import type { Token } from './tokens.ts'
import { forbidden, methodNotAllowed, noToken, pageNotFound, unauthorized, unreadableToken } from './words.ts'

/** What the operations work on. */
export interface KeystoneWorld extends LoginParts {
  readonly settings: KeystoneSettings
  readonly logins: Logins
}

/** `http://host/v3`, as the caller sees it. */
export const uriOf = ({ url }: Pick<KeystoneSettings, 'url'>, request: URL) => `${url === '' ? request.origin : url}/v3`

/** Every operation, the specific before the general. */
export function operationsOf(world: KeystoneWorld): readonly Operation[] {
  const { settings } = world
  const unknown: Operation = { open: true, path: settings.url === '' ? '/v3/auth/*' : '/*', run: () => pageNotFound }
  return [
    { open: true, method: 'GET', path: '/', run: ({ url }) => versionChoice(uriOf(settings, url)) },
    { open: true, method: 'GET', path: '/v3', run: ({ url }) => versionPage(uriOf(settings, url)) },
    ...tokenOperations(world),
    ...directoryOperations(world),
    unknown,
  ]
}

function tokenOperations(world: KeystoneWorld): Operation[] {
  const { settings, tokens, logins } = world
  const path = '/v3/auth/tokens'
  const say = (status: number, token: Token, { url }: Asked): CloudReply =>
    spaced(status, tokenBody(token, settings.endpoints, url.searchParams.has('nocatalog')), {
      'x-subject-token': token.id,
    })
  return [
    {
      open: true,
      method: 'POST',
      path,
      run: (asked) => ({
        ...say(201, logins.open(asked.headers.get('content-type'), asked.body), asked),
        statusText: 'CREATED',
      }),
    },
    { method: 'GET', path, run: (asked) => say(200, subject(world, asked), asked) },
    {
      method: 'DELETE',
      path,
      run(asked) {
        const token = subject(world, asked)
        tokens.revoke((candidate) => candidate === token)
        return { status: 204, statusText: 'NO CONTENT' }
      },
    },
    { open: true, path, run: () => methodNotAllowed('DELETE, GET, HEAD, OPTIONS, POST') },
  ]
}

/** The token that a request is about, which must be good. */
function subject({ tokens }: KeystoneWorld, { headers }: Asked): Token {
  const id = headers.get('x-subject-token')
  const token = tokens.valid(id)
  if (token === undefined) throw tokens.find(id) === undefined ? unreadableToken() : noToken()
  return token
}

/** A little of the rest, for its refusals. */
function directoryOperations({ tokens, directory }: KeystoneWorld): Operation[] {
  const assertAdmin = ({ headers }: Asked, action: string) => {
    const token = tokens.valid(headers.get('x-auth-token'))
    if (token === undefined) throw unauthorized()
    if (!token.user.roles.includes('admin')) throw forbidden(action)
  }
  return [
    {
      method: 'GET',
      path: '/v3/users',
      run(asked) {
        assertAdmin(asked, 'identity:list_users')
        return spaced(200, { users: directory.users.map(({ id, name }) => ({ id, name, enabled: true })) })
      },
    },
    {
      method: 'GET',
      path: '/v3/projects/:project',
      run(asked) {
        const id = param(asked, 'project')
        const project = directory.project({ id })
        const own = tokens.valid(asked.headers.get('x-auth-token'))?.project
        if (project === undefined || own !== project) assertAdmin(asked, 'identity:get_project')
        if (project === undefined) throw new Refusal('404', `Could not find project: ${id}.`)
        return spaced(200, { project: { id, name: project.name, domain_id: project.domain.id, enabled: true } })
      },
    },
  ]
}
