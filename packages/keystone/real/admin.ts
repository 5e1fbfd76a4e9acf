import { randomUUID } from 'node:crypto'

/** Who may log in, and for which project. All of them are in the domain with the id `default`. */
export interface User {
  readonly username: string
  readonly password: string
  readonly projectName: string
}

/** A user whom the administrator has made. */
export interface NewUser extends User {
  readonly id: string
}

interface Named {
  readonly id: string
}

const domain = { id: 'default' } as const
const json = { 'content-type': 'application/json' } as const

/** What the administrator does by plain `fetch`, so that nothing of it is the work of what is tested. */
export class Admin {
  readonly user: User
  readonly #url: string
  #token: Promise<string> | undefined

  constructor(url: string, password: string) {
    this.#url = url
    this.user = { username: 'admin', password, projectName: 'admin' }
  }

  async addUser(): Promise<NewUser> {
    const [username, password, projectName] = [`user-${randomUUID()}`, randomUUID(), `project-${randomUUID()}`]
    const { user } = await this.#send<{ user: Named }>('POST', '/users', {
      user: { name: username, password, domain_id: domain.id },
    })
    const { project } = await this.#send<{ project: Named }>('POST', '/projects', {
      project: { name: projectName, domain_id: domain.id },
    })
    const { roles } = await this.#send<{ roles: readonly Named[] }>('GET', '/roles?name=member')
    await this.#send('PUT', `/projects/${project.id}/users/${user.id}/roles/${roles[0]?.id}`)
    return { username, password, projectName, id: user.id }
  }

  async statusOf(token: string): Promise<number> {
    const response = await fetch(`${this.#url}/v3/auth/projects`, { headers: { 'x-auth-token': token } })
    await response.body?.cancel()
    return response.status
  }

  async revoke(token: string): Promise<void> {
    await this.#send('DELETE', '/auth/tokens', undefined, { 'x-subject-token': token })
  }

  /** Changes somebody's password, which ends his tokens, also those that are issued in the rest of this second. */
  async setPassword({ username }: User, password: string): Promise<void> {
    const { users } = await this.#send<{ users: readonly Named[] }>('GET', `/users?name=${username}`)
    await this.#send('PATCH', `/users/${users[0]?.id}`, { user: { password } })
  }

  /** Adds a service to the catalogue. */
  async list(type: string, url: string): Promise<void> {
    const { service } = await this.#send<{ service: Named }>('POST', '/services', { service: { type, name: type } })
    for (const facing of ['public', 'internal', 'admin'])
      await this.#send('POST', '/endpoints', { endpoint: { interface: facing, service_id: service.id, url } })
  }

  async #send<Answer>(
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    this.#token ??= logIn(this.#url, this.user)
    const token = await this.#token
    const response = await fetch(`${this.#url}/v3${path}`, {
      method,
      headers: { ...json, 'x-auth-token': token, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }
}

/** Logs in by plain `fetch`. Gives the token, or throws with the status. */
export async function logIn(url: string, { username, password, projectName }: User): Promise<string> {
  const user = { name: username, domain, password }
  const auth = {
    identity: { methods: ['password'], password: { user } },
    scope: { project: { name: projectName, domain } },
  }
  const response = await fetch(`${url}/v3/auth/tokens`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ auth }),
  })
  await response.body?.cancel()
  const token = response.headers.get('x-subject-token')
  if (token === null) throw new Error(`The login of ${username} was answered with ${response.status}.`)
  return token
}
