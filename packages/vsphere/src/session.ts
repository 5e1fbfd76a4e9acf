import { isObject, parseJson, type Session, type SessionSource, UnusableLogin } from '@holdfast/core/plugin'
import { isRpc, isWebServices, sessionPaths } from './requests.ts'

/** User name and password of a vCenter account. */
export type VsphereCredentials = { readonly username: string; readonly password: string }

/** The REST surface of vCenter to log in at: `/api` (7.0 U2 and later) or the older `/rest`. */
export type VsphereSurface = 'api' | 'rest'

/** A session of vCenter. */
export interface VsphereSession extends Session {
  readonly token: string
}

/** The header that carries a session. */
export const sessionHeader = 'vmware-api-session-id'

/**
 * vCenter's default idle time. Sites change it, and later versions may allow more. Sessions also have an absolute end, which
 * clients do not know (williamlam.com, vSphere Session Timeout Overview).
 */
const idleTimeout = 30 * 60_000

/**
 * Logs in with Basic credentials, and sends the session in a header.
 *
 * @param credentials called once for each login.
 */
export function sessionSource(
  surface: VsphereSurface,
  credentials: () => VsphereCredentials | Promise<VsphereCredentials>,
): SessionSource<VsphereCredentials, VsphereSession> {
  const path = sessionPaths[surface]
  return {
    shareKey: `vsphere ${surface}`,
    // vCenter counts refused logins within a window of 180 s by default (vSphere Authentication, lockout policy).
    lockoutDecays: true,
    credentials,
    async open({ username, password }, transport) {
      const basic = encodeBasic(username, password)
      const response = await transport.send(path, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}`, ...loginHeaders[surface] },
      })
      const token = tokenIn(parseJson(await response.text()), surface)
      if (token === undefined) {
        throw new UnusableLogin(
          `The login at ${transport.origin}${path} was answered with status ${response.status}, but without a session token.`,
          'Check `url`: something else than vCenter answers there.',
        )
      }
      return { token, secrets: [token, basic, password], idleTimeout }
    },
    // The Web Services API has its own sessions, and its JSON form has them in this same header; JSON-RPC has them in its body.
    shouldSign: (request, headers) =>
      !isWebServices(request) && !isRpc(request) && !headers.has('authorization') && !headers.has(sessionHeader),
    // With a session, Basic credentials make every call but the first fail (vmware-archive/vsphere-automation-sdk-ruby#62).
    sign: (_, { token }) => ({ [sessionHeader]: token, authorization: undefined }),
    close({ token }, transport) {
      return transport.send(path, { method: 'DELETE', headers: { [sessionHeader]: token } })
    },
  }
}

const loginHeaders = {
  api: { accept: 'application/json' },
  // Without it, the session comes as a cookie (vmware/govmomi vapi/rest/client.go).
  rest: { accept: 'application/json', 'vmware-use-header-authn': 'true' },
} as const

/** The token in the answer to a login: bare from `/api`, wrapped from `/rest`. */
function tokenIn(body: unknown, surface: VsphereSurface): string | undefined {
  const token = surface === 'rest' && isObject(body) ? body.value : body
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined
}

/** Basic credentials in UTF-8, as vCenter expects them. */
function encodeBasic(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
