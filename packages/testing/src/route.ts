import { HttpHandler, matchRequestUrl } from 'msw'

/** The answer of a route to a request that it has claimed. */
export interface Taken {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
}

/** An MSW handler that sees every request at most once, and may leave it to the next handler. */
export interface Route<Claim> {
  /** In capitals; absent for any. */
  readonly method?: string
  /** A path such as `/api/vm/:vm?action=start`, for every origin, or an absolute URL. The request must have the query's pairs. */
  readonly path: string
  /** Called once for each matching request, in order of arrival; `undefined` leaves the request to the next handlers. */
  claim(taken: Taken): Claim | undefined
  /** Answers; `undefined` leaves the request to the next handlers. */
  answer(taken: Taken, claim: Claim): Promise<Response | undefined>
}

/** Makes an MSW handler that works the same with interception and on a real socket. */
export function route<Claim>({ method, path, claim, answer }: Route<Claim>): HttpHandler {
  const [pattern = path, query = ''] = path.split('?')
  const claims = new WeakMap<Request, { readonly taken: Taken; readonly claim: Claim }>()
  // The claim is made while matching: a script that is over must leave the request unmatched, or MSW would send it to the real network.
  const takes = ({ request }: { request: Request }) => {
    const url = new URL(request.url)
    const { matches, params } = matchRequestUrl(url, pattern, url.origin)
    if (!matches || (method !== undefined && request.method !== method) || !hasQuery(url, query)) return false
    const taken = { request, params: textOnly(params) }
    const claimed = claim(taken)
    if (claimed === undefined) return false
    claims.set(request, { taken, claim: claimed })
    return true
  }
  return new HttpHandler(method ?? /.+/, takes, ({ request }) => {
    const held = claims.get(request)
    return held === undefined ? undefined : answer(held.taken, held.claim)
  })
}

function hasQuery(url: URL, query: string): boolean {
  return [...new URLSearchParams(query)].every(([name, value]) => url.searchParams.getAll(name).includes(value))
}

function textOnly(
  params: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): Record<string, string> {
  const entries = Object.entries(params).map(([name, value]) => [name, String(value ?? '')] as const)
  return Object.fromEntries(entries)
}
