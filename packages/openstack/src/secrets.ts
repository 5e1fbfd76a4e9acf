import { type RequestFacts, secretsInBody } from '@holdfast/core/plugin'
import { pathOf } from './paths.ts'

/** Requests whose bodies contain secrets under names that do not say so. */
interface Place {
  readonly path: RegExp
  /** Members in which every string is a secret. */
  readonly members: RegExp
  /** The page of the service's API reference. */
  readonly source: string
}

const places: readonly Place[] = [
  {
    path: /\/auth\/tokens$/,
    // A trust gives its user the rights of its owner, so Heat stores its identifier encrypted.
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

/** A secret for the key manager, which is the whole body. */
const isBareSecret = ({ method, path }: RequestFacts): boolean => method === 'PUT' && /\/secrets\/[^/]+$/.test(path)

/**
 * Every secret in the body of a request to an OpenStack service: the password, token, passcode, secret and trust of a login; the
 * secrets of users, credentials, servers, volume transfers and attachments; and whatever else has a secret's name, or is a
 * password in a URL. The backup services themselves take none.
 */
export function secretsIn(request: RequestFacts): readonly string[] {
  const { bodyText } = request
  if (bodyText === undefined || bodyText === '') return []
  const path = pathOf(request)
  const members = places.filter((place) => place.path.test(path)).map((place) => place.members.source)
  const named = secretsInBody(bodyText, members.length === 0 ? undefined : new RegExp(members.join('|')))
  return isBareSecret(request) ? [...named, bodyText] : named
}
