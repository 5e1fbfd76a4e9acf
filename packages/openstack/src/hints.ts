import { type Fault, isObject, objectOf, parseObject, type RequestFacts } from '@holdfast/core/plugin'
import { asksForToken } from './paths.ts'

/** Statuses of a server that has no identity API at the path of a login. */
const ELSEWHERE = new Set([300, 301, 302, 303, 307, 308, 404, 405, 501])

/** Advice about a login to the wrong address, or with wrong credentials, and about a path with the project of another token. */
export function hintFor({ status, code, message }: Fault, request: RequestFacts): string | undefined {
  // Cinder's words for a path whose project is not that of the token (cinder/api/openstack/wsgi.py).
  if (code === 'badRequest' && message?.startsWith('Malformed request url')) return otherProject
  if (!asksForToken(request)) return undefined
  // Keystone's own code for a refused login; with 404, for one with an unknown user or project.
  const isRefusal = code === 'unauthorized' && (status !== 404 || /could not find/i.test(message ?? ''))
  if (isRefusal) return showsCredential(request) ? checkCredential : undefined
  return ELSEWHERE.has(status ?? 0) ? wrongAuthUrl : undefined
}

const showsCredential = ({ bodyText }: RequestFacts): boolean =>
  isObject(objectOf(objectOf(parseObject(bodyText)?.auth)?.identity)?.application_credential)

const otherProject = 'Put the project of the token into the path: the one that is there is another.'
const checkCredential = 'Check the application credential: it may be deleted, expired, or its secret wrong.'

/** Advice about an address without an identity API. */
export const wrongAuthUrl =
  'Check `authUrl`: no identity API answers at this path, which ends in /v3, and on some clouds in /identity/v3.'
