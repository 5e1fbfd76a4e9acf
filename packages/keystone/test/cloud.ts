/** Where things are. */
export const iam = 'https://iam.example'
export const service = 'https://service.example'
export const sibling = 'https://sibling.example'

export const login = {
  authUrl: `${iam}/v3`,
  username: 'operator',
  password: 'correct horse battery',
  userDomainName: 'Default',
  projectName: 'eu-de_backups',
} as const

/** One request that reached a server. */
export interface Call {
  readonly what: string
  readonly token: string | null
  readonly at: number
}

const challenge =
  '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}'
const json = { 'content-type': 'application/json' }

/** A reply with the headers that such a failure has. */
export const failure =
  (status: number, body: string, headers: HeadersInit = {}) =>
  () =>
    new Response(body, { status, headers: { ...json, ...Object.fromEntries(new Headers(headers)) } })

export const refused = failure(401, challenge, { 'www-authenticate': `Keystone uri="${iam}/v3"` })

/** An identity service and two services that take its tokens, by the clock of the test. */
export class Cloud {
  readonly calls: Call[] = []
  /** When each token ends. */
  readonly tokens = new Map<string, number>()
  lifetime = 3_600_000
  password: string = login.password
  /** What a login is answered, instead of a token. */
  onLogin: (() => Response) | undefined
  /** What a call with a good token is answered, instead of 200. */
  onCall: ((token: string) => Response | undefined) | undefined
  /** What a call without a good token is answered. */
  stale: () => Response = refused
  #issued = 0

  get logins(): readonly Call[] {
    return this.calls.filter(({ what }) => what.startsWith(`POST ${iam}`))
  }

  get served(): readonly Call[] {
    return this.calls.filter(({ what }) => !what.includes(iam))
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const { origin, pathname } = new URL(request.url)
    const token = request.headers.get('x-auth-token')
    this.calls.push({ what: `${request.method} ${origin}${pathname}`, token, at: Date.now() })
    if (origin !== iam) return this.#serve(token)
    if (request.method !== 'DELETE') return this.#logIn(await request.text())
    this.tokens.delete(request.headers.get('x-subject-token') ?? '')
    return new Response(null, { status: 204 })
  }

  #serve(token: string | null): Response {
    if (token === null || (this.tokens.get(token) ?? 0) <= Date.now()) return this.stale()
    return this.onCall?.(token) ?? Response.json({ fine: true })
  }

  #logIn(body: string): Response {
    if (this.onLogin !== undefined) return this.onLogin()
    if (JSON.parse(body).auth.identity.password.user.password !== this.password) return refused()
    const token = `gAAAAAB-token-${++this.#issued}`
    this.tokens.set(token, Date.now() + this.lifetime)
    const at = (ms: number) => new Date(ms).toISOString().replace('Z', '000Z')
    const tokenFields = { methods: ['password'], expires_at: at(Date.now() + this.lifetime), issued_at: at(Date.now()) }
    return Response.json({ token: tokenFields }, { status: 201, headers: { 'X-Subject-Token': token } })
  }
}
