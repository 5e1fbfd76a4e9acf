import type { Fault, Vendor } from '@holdfast/core/plugin'
import { csbs } from '@holdfast/csbs'
import { wire as csbsWire } from '@holdfast/csbs/testing'
import { keystone } from '@holdfast/keystone'
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
  /** A code that is a conflict, so that the user is asked. */
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

const conflictOf = ({ catalogue }: Vendor): string =>
  catalogue.rows.find(({ kind, refines, code }) => kind === 'conflict' && refines === undefined && !code.endsWith('*'))
    ?.code ?? ''

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
