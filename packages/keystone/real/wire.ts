/** One request as it left and what came back. */
export interface Sent {
  /** `GET /v3/auth/projects 200`; without a status where no reply came. */
  readonly line: string
  /** The token that it showed. */
  readonly token: string | undefined
  /** The token that it was given: the request was a login that went well. */
  readonly given?: { readonly token: string; readonly issuedAt: number; readonly expiresAt: number }
}

/** The way to a real server, with a book of all that went over it. */
export interface Wire {
  readonly fetch: typeof fetch
  readonly sent: readonly Sent[]
  /** Requests that have had no reply yet. */
  readonly underWay: number
}

/** The real `fetch`, watched. */
export function watchedFetch(): Wire {
  const sent: Sent[] = []
  let underWay = 0
  return {
    sent,
    get underWay() {
      return underWay
    },
    async fetch(input, init) {
      const request = new Request(input, init)
      const token = request.headers.get('x-auth-token') ?? undefined
      const asked = `${request.method} ${new URL(request.url).pathname}`
      underWay++
      try {
        const response = await fetch(request)
        const given = await givenBy(response)
        sent.push({ line: `${asked} ${response.status}`, token, ...(given && { given }) })
        return response
      } catch (error) {
        sent.push({ line: asked, token })
        throw error
      } finally {
        underWay--
      }
    },
  }
}

async function givenBy(response: Response): Promise<Sent['given']> {
  const token = response.headers.get('x-subject-token')
  if (token === null || response.status !== 201) return undefined
  const { issued_at, expires_at } = (await response.clone().json()).token
  return { token, issuedAt: Date.parse(issued_at), expiresAt: Date.parse(expires_at) }
}
