import type { RequestFacts } from '@holdfast/core/plugin'

/** The path of a request, without a slash at its end, which has no meaning. */
export const pathOf = ({ path }: Pick<RequestFacts, 'path'>): string => (path.endsWith('/') ? path.slice(0, -1) : path)

/** True for a request to the identity service for a new token, or for the end of one. */
export const isLogin = (request: Pick<RequestFacts, 'path'>): boolean => pathOf(request).endsWith('/auth/tokens')

/** True for a request for a new token. */
export const asksForToken = (request: Pick<RequestFacts, 'method' | 'path'>): boolean =>
  request.method === 'POST' && isLogin(request)

/** The identifier in a reference, which may be an address. */
export const idIn = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1)
