import { type Asked, type CloudReply, type Operation, param, Refusal, spaced } from '@holdfast/openstack/simulator'
import { catalogOf, tokenBody, versionChoice, versionPage } from './body.ts'
import { forbidden, methodNotAllowed, pageNotFound, unauthorized } from './messages.ts'
import { type KeystoneState, uriOf } from './state.ts'
import { goodToken } from './subject.ts'
import type { Token } from './tokens.ts'

/** Every operation, the specific before the general. */
export function operationsOf(state: KeystoneState): readonly Operation[] {
  const { settings } = state
  const unknown: Operation = { open: true, path: settings.url === '' ? '/v3/auth/*' : '/*', run: () => pageNotFound }
  return [
    { open: true, method: 'GET', path: '/', run: ({ url }) => versionChoice(uriOf(settings, url)) },
    { open: true, method: 'GET', path: '/v3', run: ({ url }) => versionPage(uriOf(settings, url)) },
    ...tokenOperations(state),
    ...directoryOperations(state),
    unknown,
  ]
}

function tokenOperations(state: KeystoneState): Operation[] {
  const { settings, tokens, logins } = state
  const path = '/v3/auth/tokens'
  const reply = (status: number, token: Token, { url }: Asked): CloudReply =>
    spaced(status, tokenBody(token, settings.endpoints, url.searchParams.has('nocatalog')), {
      'x-subject-token': token.id,
    })
  return [
    {
      open: true,
      method: 'POST',
      path,
      run: (asked) => ({
        ...reply(201, logins.open(asked.headers.get('content-type'), asked.body), asked),
        statusText: 'CREATED',
      }),
    },
    { method: 'GET', path, run: (asked) => reply(200, subject(state, asked), asked) },
    {
      method: 'DELETE',
      path,
      run(asked) {
        const token = subject(state, asked)
        tokens.revoke((candidate) => candidate === token)
        return { status: 204, statusText: 'NO CONTENT' }
      },
    },
    { open: true, path, run: () => methodNotAllowed('DELETE, GET, HEAD, OPTIONS, POST') },
  ]
}

/** The token that a request is about, which must be valid. */
const subject = (state: KeystoneState, { headers }: Asked): Token => goodToken(state, headers.get('x-subject-token'))

/** A few other operations: the catalogue, and those with refusals of their own. */
function directoryOperations({ tokens, directory, settings }: KeystoneState): Operation[] {
  const assertAdmin = ({ headers }: Asked, action: string) => {
    const token = tokens.valid(headers.get('x-auth-token'))
    if (token === undefined) throw unauthorized()
    if (!token.user.roles.includes('admin')) throw forbidden(action)
  }
  return [
    {
      method: 'GET',
      path: '/v3/auth/catalog',
      run({ url, headers }) {
        const token = tokens.valid(headers.get('x-auth-token'))
        if (token === undefined) throw unauthorized()
        if (token.project === undefined) throw forbidden('identity:get_auth_catalog')
        const catalog = catalogOf(settings.endpoints, token.project)
        return spaced(200, {
          catalog,
          links: { next: null, self: `${uriOf(settings, url)}/auth/catalog`, previous: null },
        })
      },
    },
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
