import { failureOf, type ResilientOptions, resilient } from '@holdfast/core'
import { type ResilientKyOptions, resilientKy } from '@holdfast/core/ky'
import type { Vendor } from '@holdfast/core/plugin'
import { csbs } from '@holdfast/csbs'
import { keystone } from '@holdfast/keystone'
import { vsphere } from '@holdfast/vsphere'
import { sessionPlaceholder, xenapi } from '@holdfast/xenapi'
import { isHTTPError } from 'ky'
import { csbsRequests, type MatrixRequest, plainRequests, vsphereRequests, xenapiRequests } from './requests.ts'
import type { Answer, Internal } from './server.ts'

/** A client of one cell. */
export interface CellClient {
  /** Sends a request and reads its reply to the end. Rejects with what the caller would be told. */
  send(input: string | Request, init: RequestInit | undefined): Promise<Response>
  close(options?: { readonly drain?: number }): Promise<void>
}

/** A kind of client, what it asks, and what its server must know beyond its faults. */
export interface ClientKind {
  readonly name: string
  readonly requests: readonly MatrixRequest[]
  readonly internal: Internal
  readonly fine: Answer
  open(url: string, options: ResilientOptions): CellClient
}

const nothing: Internal = () => undefined
const fine: Answer = { status: 200, body: '{"result":"so it is"}' }
const login = { username: 'root', password: 'secret' }

const ofVendor = (
  name: string,
  makeVendor: (url: string) => Vendor,
  parts: Pick<ClientKind, 'requests' | 'internal'> & Partial<ClientKind>,
): ClientKind => ({
  name,
  fine,
  open: (url, options) => {
    const client = resilient(fetch, { ...options, vendor: makeVendor(url) })
    return { send: client, close: client.close }
  },
  ...parts,
})

/** Answers the logins and logouts of a pool. */
const poolSession: Internal = (_, __, body) => {
  if (!body.includes('session.log')) return undefined
  const result = body.includes('session.login') ? 'OpaqueRef:session-1' : ''
  return { status: 200, body: JSON.stringify({ jsonrpc: '2.0', result, id: 0 }) }
}

const identity: Internal = (method, path) => {
  if (!path.startsWith('/v3/auth/tokens')) return undefined
  if (method === 'DELETE') return { status: 204 }
  const token = { methods: ['password'], expires_at: '2099-01-01T00:00:00Z', issued_at: '2026-01-01T00:00:00Z' }
  return { status: 201, headers: { 'x-subject-token': 'token-1' }, body: JSON.stringify({ token }) }
}

const identityOf = (url: string) =>
  keystone({ authUrl: `${url}/v3`, ...login, userDomainName: 'Default', projectId: 'p1' })

export const kinds: readonly ClientKind[] = [
  {
    name: 'fetch',
    requests: plainRequests,
    internal: nothing,
    fine,
    open: (_, options) => {
      const client = resilient(fetch, options)
      return { send: client, close: client.close }
    },
  },
  {
    name: 'fetch that returns failures',
    requests: plainRequests,
    internal: nothing,
    fine,
    open: (_, options) => {
      const client = resilient(fetch, options)
      return {
        async send(input, init) {
          const response = await client.fetch(input, init)
          const failure = failureOf(response)
          if (failure === undefined) return response
          await response.body?.cancel().catch(() => {})
          throw failure
        },
        close: client.close,
      }
    },
  },
  {
    name: 'ky',
    requests: plainRequests,
    internal: nothing,
    fine,
    open: (_, options) => {
      const api = resilientKy(options as ResilientKyOptions)
      return {
        send: (input, init) =>
          api(input, init as object).catch((error: unknown) => {
            // ky fails where a status is neither a success nor, to the engine, a failure.
            if (isHTTPError(error) && error.response.status < 400) return error.response
            throw error
          }),
        close: api.client.close,
      }
    },
  },
  ofVendor('vsphere', (url) => vsphere({ url, ...login }) as Vendor, {
    requests: vsphereRequests,
    internal: (method, path) => {
      if (path !== '/api/session') return undefined
      return method === 'POST' ? { status: 201, body: '"session-1"' } : { status: 204 }
    },
  }),
  ofVendor('xenapi', (url) => xenapi({ url, ...login }) as Vendor, {
    requests: xenapiRequests(sessionPlaceholder),
    internal: poolSession,
    fine: { status: 200, body: '{"jsonrpc":"2.0","result":"so it is","id":1}' },
  }),
  ofVendor('csbs', (url) => csbs({ url, auth: identityOf(url) }) as Vendor, {
    requests: csbsRequests,
    internal: identity,
  }),
]
