import type { ApiFamily } from '@holdfast/openstack/simulator'
import {
  type CloudReply,
  compact,
  faultReply,
  gatewayReply,
  isFaultName,
  isGatewayCode,
  Refusal,
} from '@holdfast/openstack/simulator'

/** The family of calls, of three, that a path belongs to. */
export function familyOf(request: Request): ApiFamily {
  const { pathname } = new URL(request.url)
  if (/^\/v[23]\/[^/]+\/backups(\/|$)/.test(pathname)) return 'native'
  return /^\/v2\/[^/]+\/backuppolicy/.test(pathname) ? 'policies' : 'gateway'
}

/** Writes a refusal in the envelope of the family, or as the gateway does for its own codes. */
export function writeRefusal(refusal: Refusal, request: Request): CloudReply {
  const { code, message, status } = refusal
  if (isGatewayCode(code)) return gatewayReply(code, message, status)
  const family = familyOf(request)
  if (family === 'native' || isFaultName(code)) return faultReply(refusal)
  return compact(status ?? (code === 'VolumeBackup.0900' ? 503 : 400), {
    error: family === 'policies' ? { code, message } : { message, code },
  })
}

/** The refusal of a body that is not JSON. */
export function malformed(request: Request): Refusal {
  const family = familyOf(request)
  if (family === 'native') return new Refusal('badRequest', 'Malformed request body')
  if (family === 'policies') return new Refusal('AutoBackup.0008', 'The request is not JSON.')
  return new Refusal('VolumeBackup.0002', 'The request format is wrong.')
}
