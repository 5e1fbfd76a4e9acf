import type { VendorError } from '@holdfast/core'
import { expect } from 'vitest'

export const api = 'https://api.example'
export const tokenUrl = 'https://login.example/oauth2/token'

/** A request as it arrived. */
export interface Arrived {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string
}

/** An API that takes the newest token alone, and the token endpoint that gives them. */
export class Server {
  readonly arrived: Arrived[] = []
  /** Seconds that a token lives. */
  lifetime: number | undefined = 3_600
  /** The answer of the token endpoint in place of a token. */
  onLogin: (() => Response) | undefined
  /** The answer of the API to a token that it does not take. */
  onStale = () => new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
  isAccepted = (headers: Headers): boolean => headers.get('authorization') === `Bearer token-${this.tokens}`
  tokens = 0

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const { url, method, headers } = request
    this.arrived.push({ url, method, headers, body: await request.text() })
    if (url !== tokenUrl) return this.isAccepted(headers) ? Response.json({ url }) : this.onStale()
    if (this.onLogin) return this.onLogin()
    const expires = this.lifetime === undefined ? {} : { expires_in: this.lifetime }
    return Response.json({ access_token: `token-${++this.tokens}`, token_type: 'bearer', ...expires })
  }

  get logins(): readonly Arrived[] {
    return this.arrived.filter(({ url }) => url === tokenUrl)
  }

  get calls(): readonly Arrived[] {
    return this.arrived.filter(({ url }) => url !== tokenUrl)
  }
}

/** The error that a call ends with. */
export const failure = (call: Promise<Response>): Promise<VendorError> =>
  call.then(
    ({ status }) => expect.unreachable(`answered ${status}`),
    (error: unknown) => error as VendorError,
  )
