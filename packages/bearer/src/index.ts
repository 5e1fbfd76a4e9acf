import { defineVendor, type ErrorRow, type Reply, type RequestFacts, type Vendor } from '@holdfast/core/plugin'
import { catalogue } from './catalogue.ts'
import { type BearerOptions, checkOptions } from './options.ts'
import { challengeIn, tokenErrorIn } from './parse.ts'

export { type BearerCode, catalogue } from './catalogue.ts'
export {
  type ClientCredentials,
  type ClientCredentialsOptions,
  type ClientLogin,
  clientCredentials,
} from './client-credentials.ts'
export type { BearerOptions } from './options.ts'
export type { ExpiringToken, TokenFunction, TokenSession } from './token.ts'

/** One row of the catalogue. `Extract` gives the union of all rows this name, which editors show. */
export type BearerRow = Extract<(typeof catalogue)['rows'][number], ErrorRow>

/**
 * Any HTTP API that takes a bearer token or an API key. The token is requested once for all callers, sent only to its own host, and
 * renewed shortly before it expires or when it is refused. All other errors are those of plain HTTP.
 *
 * @example
 * const api = resilient(fetch, { vendor: bearer({ url: 'https://api.example', token: () => vault.read('api-token') }) })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function bearer(options: BearerOptions): Vendor<BearerRow> {
  const { origin, auth, header, refreshes } = checkOptions(options)
  const tokenUrl = 'tokenUrl' in auth ? auth.tokenUrl : undefined
  const isLogin = ({ url, method }: RequestFacts) => method === 'POST' && url === tokenUrl
  return defineVendor({
    name: 'bearer',
    catalogue,
    parse(reply: Reply) {
      if (isLogin(reply.request)) return tokenErrorIn(reply)
      if (reply.status < 400) return undefined
      return challengeIn(reply) ?? (refreshes(reply) ? { code: 'TOKEN_REFUSED' } : undefined)
    },
    bodyNeed: (request) => (isLogin(request) ? 'whole' : 'none'),
    // The token endpoint, which may have the same address, has a scope of its own.
    scope: (request) => (isLogin(request) ? 'login' : 'data'),
    // If the reply is lost, the token expires unused.
    isRepeatable: (request) => (isLogin(request) ? true : undefined),
    secretHeaders: [header],
    origins: [origin],
    auth,
  })
}
