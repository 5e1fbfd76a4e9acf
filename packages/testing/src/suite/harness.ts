import { type ResilientOptions, resilient } from '@holdfast/core'
import type { Session, SessionSource, Vendor } from '@holdfast/core/plugin'
import { toResponse, type WireReply } from '../wire.ts'
import type { VendorSuiteOptions } from './options.ts'
import { readOf } from './requests.ts'
import { settle } from './timers.ts'

/** A server in memory: it answers by a script, and with success when the script is over. */
export interface Server {
  readonly fetch: typeof fetch
  /** The requests that arrived, without logins and logouts. */
  readonly requests: { readonly host: string; readonly at: number }[]
  replies: WireReply[]
}

/** The vendor's client with such a server, logged in if it has credentials. */
export interface Harness {
  readonly client: ReturnType<typeof resilient>
  readonly server: Server
  /** Logins so far. */
  logins(): number
  /** The session of the last login. */
  session(): Session | undefined
}

/** Makes a harness, with fake time if there is any and after one success, and removes it afterwards. */
export async function withHarness<Result>(
  suite: VendorSuiteOptions,
  options: ResilientOptions,
  use: (harness: Harness) => Promise<Result>,
): Promise<Result> {
  const { timers, vendor } = suite
  checkLogin(suite)
  timers?.use()
  try {
    const server = serverOf(suite)
    const counted = countLogins(vendor)
    const client = resilient(server.fetch, { vendor: counted.vendor, budget: false, pause: false, ...options })
    const { url, ...init } = readOf(suite)
    await settle(client(url, init), timers).catch((cause: unknown) => {
      throw new Error('The first request, which nothing stands in the way of, failed. Does `login` answer the login?', {
        cause,
      })
    })
    const result = await use({ client, server, ...counted })
    await settle(client.close(), timers)
    return result
  } finally {
    timers?.restore()
  }
}

/** @throws {TypeError} if a vendor has credentials and no `login` option. */
export function checkLogin({ vendor, login }: Pick<VendorSuiteOptions, 'vendor' | 'login'>): void {
  if (vendor.auth !== undefined && login === undefined) throw new TypeError('A vendor with credentials needs `login`.')
}

function serverOf({ login, success = () => Response.json({}) }: VendorSuiteOptions): Server {
  const server: Server = {
    requests: [],
    replies: [],
    async fetch(input, init) {
      const request = new Request(input, init)
      const answer = await login?.(request.clone())
      if (answer !== undefined) return answer
      server.requests.push({ host: new URL(request.url).host, at: performance.now() })
      const reply = server.replies.shift()
      return reply === undefined ? success(request) : toResponse(reply)
    },
  }
  return server
}

/** The vendor with a count of its logins, independent of the engine's events. */
function countLogins(vendor: Vendor): Pick<Harness, 'logins' | 'session'> & { readonly vendor: Vendor } {
  const sessions: Session[] = []
  const counts = { logins: () => sessions.length, session: () => sessions.at(-1) }
  const { auth } = vendor
  if (auth === undefined) return { vendor, ...counts }
  const counted: SessionSource = {
    ...auth,
    credentials: () => auth.credentials(),
    async open(credentials, transport) {
      const session = await auth.open(credentials, transport)
      sessions.push(session)
      return session
    },
    sign: (request, session) => auth.sign(request, session),
    async close(session, transport) {
      await auth.close?.(session, transport)
    },
  }
  return { vendor: { ...vendor, auth: counted }, ...counts }
}
