import { bearer, clientCredentials } from '@holdfast/bearer'
import { type ResilientOptions, resilient } from '@holdfast/core'
import type { Vendor } from '@holdfast/core/plugin'
import { csbs } from '@holdfast/csbs'
import { keystone } from '@holdfast/keystone'
import { openstack } from '@holdfast/openstack'
import { vbs } from '@holdfast/vbs'
import { vsphere } from '@holdfast/vsphere'
import { sessionPlaceholder, xenapi } from '@holdfast/xenapi'
import { createXenApi, type XenApiClientOptions } from '@holdfast/xenapi/client'
import type { CellClient, ClientKind } from './client-kind.ts'
import { login, secrets, token } from './login.ts'
import {
  csbsRequests,
  keyRequests,
  novaRequests,
  poolCalls,
  vbsRequests,
  vsphereRequests,
  xenapiRequests,
} from './requests.ts'
import { type Answer, CELL, type Internal } from './server.ts'

const fine: Answer = { status: 200, body: '{"result":"so it is"}' }

const ofVendor = (
  name: string,
  makeVendor: (url: string) => Vendor,
  parts: Pick<ClientKind, 'requests' | 'internal'> & Partial<ClientKind>,
): ClientKind => ({
  name,
  fine,
  secrets,
  open: (url, options) => {
    const client = resilient(fetch, { ...options, vendor: makeVendor(url) })
    return { send: client, close: client.close }
  },
  ...parts,
})

/** Answers the logins and logouts of a pool. */
const poolSession: Internal = (_, __, body) => {
  if (!body.includes('session.log')) return undefined
  const result = body.includes('session.login') ? token : ''
  return { status: 200, body: JSON.stringify({ jsonrpc: '2.0', result, id: 0 }) }
}

const identity: Internal = (method, path) => {
  if (!path.startsWith('/v3/auth/tokens')) return undefined
  if (method === 'DELETE') return { status: 204 }
  const made = { methods: ['password'], expires_at: '2099-01-01T00:00:00Z', issued_at: '2026-01-01T00:00:00Z' }
  return { status: 201, headers: { 'x-subject-token': token }, body: JSON.stringify({ token: made }) }
}

const identityOf = (url: string) =>
  keystone({ authUrl: `${url}/v3`, ...login, userDomainName: 'Default', projectId: 'p1' })

const tokenEndpoint: Internal = (_, path) =>
  path === '/oauth2/token'
    ? { status: 200, body: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3_600 }) }
    : undefined

/** A client of a pool that writes the calls itself: the name of a method is in place of a path. */
function poolClient(url: string, options: ResilientOptions): CellClient {
  let cell = ''
  const xen = createXenApi({
    url,
    ...login,
    ...options,
    fetch: (input: string | URL | Request, init: RequestInit = {}) => {
      const headers = new Headers(init.headers)
      if (!String(init.body).includes('session.log')) headers.set(CELL, cell)
      return fetch(input, { ...init, headers })
    },
  } as XenApiClientOptions)
  return {
    async send(input, { headers, signal } = {}) {
      cell = new Headers(headers).get(CELL) ?? ''
      await xen.with(signal ? { signal } : {}).call(new URL(String(input)).pathname.slice(1), 'vm-1')
      return new Response()
    },
    close: xen.close,
  }
}

const pool = { internal: poolSession, fine: { status: 200, body: '{"jsonrpc":"2.0","result":"so it is","id":1}' } }

export const vendorKinds: readonly ClientKind[] = [
  ofVendor('vsphere', (url) => vsphere({ url, ...login }) as Vendor, {
    requests: vsphereRequests,
    internal: (method, path) => {
      if (path !== '/api/session') return undefined
      return method === 'POST' ? { status: 201, body: JSON.stringify(token) } : { status: 204 }
    },
  }),
  ofVendor('xenapi', (url) => xenapi({ url, ...login }) as Vendor, {
    requests: xenapiRequests(sessionPlaceholder),
    ...pool,
  }),
  ofVendor('csbs', (url) => csbs({ url, auth: identityOf(url) }) as Vendor, {
    requests: csbsRequests,
    internal: identity,
  }),
  { name: 'createXenApi', requests: poolCalls, secrets, ...pool, open: poolClient },
  ofVendor('vbs', (url) => vbs({ url, auth: identityOf(url) }) as Vendor, {
    requests: vbsRequests,
    internal: identity,
  }),
  ofVendor('openstack', (url) => openstack({ url, auth: identityOf(url) }) as Vendor, {
    requests: novaRequests,
    internal: identity,
  }),
  ofVendor('bearer', (url) => bearer({ url, token }) as Vendor, {
    requests: keyRequests,
    internal: () => undefined,
    secrets: [token],
  }),
  ofVendor(
    'bearer with client credentials',
    (url) => {
      const auth = clientCredentials({
        tokenUrl: `${url}/oauth2/token`,
        clientId: login.username,
        clientSecret: login.password,
      })
      return bearer({ url, auth }) as Vendor
    },
    { requests: keyRequests, internal: tokenEndpoint },
  ),
]
