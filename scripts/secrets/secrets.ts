/** The secrets of a call, by the place in which its caller has them. */
export const secrets = {
  session: 'OpaqueRef:5e55+10n/ref=',
  password: 's/ecre+t=1&"two"<‹é',
  header: 'plain8chars4us',
  query: 'tok+en/é=&query',
  fragment: 'fr4gment=/+token',
  cookie: 'c00kie==quoted/+',
  body: 'b0dy"secret\\5&é',
} as const

/** The caller's own secrets in the request that he sends: in its URL and headers. */
export function requestOf(url: string, body: string): [string, RequestInit] {
  const query = new URLSearchParams({ access_token: secrets.query })
  const fragment = new URLSearchParams({ token: secrets.fragment })
  const headers = {
    'x-api-key': secrets.header,
    cookie: `sid="${secrets.cookie}"; lang=en`,
    'content-type': 'application/json',
  }
  return [`${url}?${query}#${fragment}`, { method: 'POST', headers, body }]
}
