import { type RequestFacts, secretsInBody } from '@holdfast/core/plugin'
import { pathOf } from './paths.ts'

/** Requests whose bodies have secrets under names that do not say so. */
interface Place {
  readonly path: RegExp
  /** Members under which every text is a secret. */
  readonly members: RegExp
  /** The page of the service's API reference. */
  readonly source: string
}

const places: readonly Place[] = [
  {
    path: /\/auth\/tokens$/,
    // Whoever may use a trust acts as its owner; Heat keeps its name encrypted for that.
    members: /^OS-TRUST:trust$/,
    source: 'Identity API v3, OS-TRUST: consuming a trust',
  },
  {
    path: /\/credentials(?:\/[^/]+)?$/,
    members: /^blob$/,
    source: 'Identity API v3, Credentials: `blob` is an EC2 key, a seed of TOTP, a certificate',
  },
  {
    path: /\/(?:servers|cloudservers)(?:\/|$)/,
    members: /^(?:user_data|contents)$/,
    source: 'Compute API v2.1, Servers: `user_data`, and the files in `personality`',
  },
  {
    path: /\/volumes\/[^/]+\/action$|\/attachments(?:\/|$)/,
    members: /^provider_auth$/,
    source: 'Block Storage, iSCSI drivers: `provider_auth` is "CHAP <user> <password>"',
  },
  {
    path: /\/secrets(?:\/[^/]+)?$/,
    members: /^payload$/,
    source: 'Key Manager API v1, Secrets',
  },
]

/** A secret of the key manager that is sent as it is, without a name. */
const isBareSecret = ({ method, path }: RequestFacts): boolean => method === 'PUT' && /\/secrets\/[^/]+$/.test(path)

/**
 * Every secret that a request to an OpenStack service shows in its body: of a login, the password, token, passcode or
 * secret and the trust; what users, credentials, servers, volume transfers and attachments are given; whatever else stands
 * under the name of a secret, or in a URL. The backup services themselves take none.
 */
export function secretsIn(request: RequestFacts): readonly string[] {
  const { bodyText } = request
  if (bodyText === undefined || bodyText === '') return []
  const path = pathOf(request)
  const members = places.filter((place) => place.path.test(path)).map((place) => place.members.source)
  const named = secretsInBody(bodyText, members.length === 0 ? undefined : new RegExp(members.join('|')))
  return isBareSecret(request) ? [...named, bodyText] : named
}
