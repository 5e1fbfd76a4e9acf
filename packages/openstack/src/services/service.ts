import type { RequestFacts } from '@holdfast/core/plugin'
import { isLogin } from '../paths.ts'

/** The services of a cloud that may have the same address. */
export type ServiceName = 'login' | 'identity' | 'compute' | 'volume' | 'network' | 'image' | 'data'

/** First part of a path after `/v3` at Keystone. At Cinder that is a project, or a word that no other service has. */
const ofIdentity =
  /^(?:auth|users|groups|projects|domains|regions|services|endpoints|roles|role_\w+|credentials|policies|system|limits|registered_limits|ec2tokens|s3tokens|OS-[A-Z0-9-]+)$/

const ofImage = /^(?:images|schemas|tasks|stores|info|cache|metadefs)$/

/** The service that a request is for, by the version and the part after it. Each has its own scope. */
export function serviceOf(request: Pick<RequestFacts, 'path'>): ServiceName {
  if (isLogin(request)) return 'login'
  const [, version, first = ''] = /(?:^|\/)v(\d(?:\.\d)?)(?:\/([^/]*))?/.exec(request.path) ?? []
  if (version === '2.1') return 'compute'
  if (version === '2.0') return 'network'
  if (version === '3') return ofIdentity.test(first) ? 'identity' : 'volume'
  return version === '2' && ofImage.test(first) ? 'image' : 'data'
}
