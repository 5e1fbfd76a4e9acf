import { bearer, clientCredentials } from '@holdfast/bearer'
import { wire as bearerWire } from '@holdfast/bearer/testing'
import type { Fault, Vendor } from '@holdfast/core/plugin'
import { csbs } from '@holdfast/csbs'
import { wire as csbsWire } from '@holdfast/csbs/testing'
import { keystone } from '@holdfast/keystone'
import { openstack } from '@holdfast/openstack'
import { wire as openstackWire } from '@holdfast/openstack/testing'
import { vbs } from '@holdfast/vbs'
import { wire as vbsWire } from '@holdfast/vbs/testing'
import { vsphere } from '@holdfast/vsphere'
import { wire as vsphereWire } from '@holdfast/vsphere/testing'
import { sessionPlaceholder, xenapi } from '@holdfast/xenapi'
import { wire as xenapiWire } from '@holdfast/xenapi/testing'
import { secrets } from './secrets.ts'

/** A vendor under test. */
export interface Subject {
  readonly name: string
  readonly vendor: Vendor | undefined
  readonly url: string
  /** The body of the request, which shows a password of the caller's. */
  readonly body: string
  readonly isLogin: (request: { readonly url: string; readonly body: string }) => boolean
  /** The answer to a login. */
  login(): Response
  /** The shapes of a failure; none for a server of plain HTTP. */
  readonly wire: Readonly<Record<string, (fault: Fault) => Written | undefined>>
  /** A code that is a conflict, so that the user is asked, where the vendor has one. */
  readonly conflict: string
}

/** A reply as a wire writes it. */
export interface Written {
  readonly status: number
  readonly headers: HeadersInit
  readonly body: string
}

const named = JSON.stringify({ name: 'disk', device_config: { password: secrets.body } })
const login = { username: 'admin', password: secrets.password }
const json = { 'content-type': 'application/json' }
const session = () => secrets.session

/** A code of the kind; of a vendor that has no conflict, one that ends the call. */
const conflictOf = ({ catalogue: { rows } }: Vendor): string => {
  const plain = rows.filter(({ refines, code }) => refines === undefined && !code.endsWith('*'))
  return (plain.find(({ kind }) => kind === 'conflict') ?? plain.find(({ kind }) => kind === 'fatal'))?.code ?? ''
}

function subject(vendor: Vendor, parts: Omit<Subject, 'name' | 'vendor' | 'conflict'>): Subject {
  return { name: vendor.name, vendor, conflict: conflictOf(vendor), ...parts }
}

const authUrl = 'https://iam.example/v3'
const inCloud = {
  body: named,
  isLogin: ({ url }: { readonly url: string }) => url.startsWith('https://iam.example'),
  login: () =>
    new Response(JSON.stringify({ token: { expires_at: '2099-01-01T00:00:00Z' } }), {
      status: 201,
      headers: { 'x-subject-token': session() },
    }),
}
const auth = () =>
  keystone({ authUrl, username: 'admin', password: secrets.password, userDomainName: 'Default', projectId: 'p1' })

const robot = clientCredentials({
  tokenUrl: 'https://login.example/token',
  clientId: 'robot',
  clientSecret: secrets.password,
})

/** One of each kind, and a client without a vendor. */
export const subjects: readonly Subject[] = [
  subject(xenapi({ url: 'https://xen.example', ...login }) as Vendor, {
    url: 'https://xen.example/jsonrpc',
    body: JSON.stringify({
      jsonrpc: '2.0',
      method: 'SR.create',
      params: [sessionPlaceholder, 'OpaqueRef:host', { password: secrets.body }],
      id: 1,
    }),
    isLogin: ({ body }) => body.includes('session.login_with_password'),
    login: () => Response.json({ jsonrpc: '2.0', result: session(), id: 0 }),
    wire: xenapiWire,
  }),
  subject(vsphere({ url: 'https://vc.example', ...login }) as Vendor, {
    url: 'https://vc.example/api/vcenter/vm',
    body: named,
    isLogin: ({ url }) => url.endsWith('/api/session'),
    login: () => new Response(JSON.stringify(session()), { status: 201, headers: json }),
    wire: vsphereWire,
  }),
  subject(openstack({ url: 'https://volume.example', auth: auth() }) as Vendor, {
    url: 'https://volume.example/v3/p1/volumes',
    wire: openstackWire,
    ...inCloud,
  }),
  subject(csbs({ url: 'https://csbs.example', auth: auth() }) as Vendor, {
    url: 'https://csbs.example/v1/p1/policies',
    wire: csbsWire,
    ...inCloud,
  }),
  subject(vbs({ url: 'https://vbs.example', auth: auth() }) as Vendor, {
    url: 'https://vbs.example/v2/p1/backuppolicy',
    wire: vbsWire,
    ...inCloud,
  }),
  subject(bearer({ url: 'https://shop.example', auth: robot }) as Vendor, {
    url: 'https://shop.example/orders',
    body: named,
    isLogin: ({ url }) => url === robot.tokenUrl,
    login: () => Response.json({ access_token: session(), token_type: 'Bearer' }),
    wire: bearerWire,
  }),
  {
    name: 'http',
    vendor: undefined,
    url: 'https://api.example/things',
    body: JSON.stringify({
      user: 'u',
      password: secrets.body,
      token: secrets.session,
      login: { passwd: secrets.password },
    }),
    isLogin: () => false,
    login: () => new Response(),
    wire: {},
    conflict: 'HTTP_409',
  },
]
