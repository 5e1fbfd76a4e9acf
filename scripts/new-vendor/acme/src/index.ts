import {
  checkNeeds,
  checkVendorOptions,
  credentialsFunction,
  defineVendor,
  type ErrorRow,
  httpOrigin,
  originOf,
  type RequestFacts,
  type Vendor,
} from '@holdfast/core/plugin'
import { catalogue } from './catalogue.ts'
import { parse } from './parse.ts'
import { type AcmeCredentials, sessionSource, tokenHeader } from './session.ts'

export { type AcmeCode, catalogue } from './catalogue.ts'
export type { AcmeCredentials } from './session.ts'

/** One row of Acme's catalogue. `Extract` gives the union of all rows this name, which editors show. */
export type AcmeRow = Extract<(typeof catalogue)['rows'][number], ErrorRow>

/** The options of `acme`. */
export interface AcmeOptions {
  /** Acme's origin, such as `https://acme.example`. The credentials are sent to no other. */
  readonly url?: string | URL
  /** Fetches the credentials; called once a login. Without it, the vendor knows the errors alone. */
  readonly credentials?: () => AcmeCredentials | Promise<AcmeCredentials>
}

/**
 * Acme's API: its errors, and its sessions if it is given credentials.
 *
 * @throws {OptionsError} naming the option at fault.
 */
export function acme(options: AcmeOptions = {}): Vendor<AcmeRow> {
  checkVendorOptions('acme', options, { url: httpOrigin, credentials: credentialsFunction })
  checkNeeds('acme', options, ['credentials'], 'url')
  const { url, credentials } = options
  return defineVendor({
    name: 'acme',
    catalogue,
    parse,
    secretHeaders: [tokenHeader],
    // What fails apart: a login that is refused stops no call that has a session.
    scope: (request) => (isLogin(request) ? 'login' : 'data'),
    // GET, PUT and DELETE may be repeated by HTTP's own rules. Say here which POSTs may, and why.
    isRepeatable: (request) => (isLogin(request) ? true : undefined),
    ...(url !== undefined && { origins: [originOf(url)] }),
    ...(credentials !== undefined && { auth: sessionSource(credentials) }),
  })
}

const isLogin = ({ path }: RequestFacts): boolean => path === '/login'
