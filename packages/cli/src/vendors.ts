import { randomUUID } from 'node:crypto'
import { type AskedRequest, http, type ResilientFetch, resilient } from '@holdfast/core'
import type { Catalogue, SessionSource, Vendor } from '@holdfast/core/plugin'

/** The host of every client here, which does not exist. */
export const NOWHERE = 'https://host.invalid'

/** A vendor, and a client that explains its errors. */
export interface Known {
  readonly catalogue: Catalogue
  /** It explains, and sends nothing. */
  readonly client: ResilientFetch
  /** The requests to explain for, if the user names none. */
  readonly requests: Readonly<Record<'read' | 'change', AskedRequest>>
  /** Addresses of its API and of those beside it, which speak of errors in other words. */
  readonly urls: readonly string[]
  /** True where every answer has status 200. */
  readonly isRpc: boolean
}

const BY_METHOD = { read: { method: 'GET' }, change: { method: 'POST' } }
/** The placeholder of `@holdfast/xenapi`: a call without it has its caller's session. */
const session = 'OpaqueRef:SESSION'
const rpc = (method: string) => ({
  method: 'POST',
  body: JSON.stringify({ jsonrpc: '2.0', method, params: [session], id: 1 }),
})
/** An RPC is always sent by POST. */
const BY_RPC = { read: rpc('VM.get_all'), change: rpc('VM.start') }

const url = NOWHERE
/** With a login, as most clients are made: what a client does about an ended session depends on it. None is made here. */
const login = { username: 'nobody', password: randomUUID() }
const auth: SessionSource = {
  credentials: () => login,
  open: refuse,
  shouldSign: ({ path }) => !path.endsWith('/auth/tokens'),
  sign: () => undefined,
}
/** Paths whose answers speak of errors in words of their own: another API of the vendor's, or a success that tells of a failure. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  vsphere: ['/api/vcenter/vm', '/sdk', '/api', '/api/vcenter/ovf/library-item/item?action=deploy'],
  openstack: ['/', '/v1/AUTH_project?bulk-delete', '/v2.1/os-server-external-events'],
  csbs: ['/', '/v1/project/providers/provider/resources/action', '/v1/project/checkpoint_items/item'],
  vbs: ['/', '/v1/project/jobs/job', '/v2/project/backuppolicyresources', '/v2/project/backups/backup'],
}
const failedBackups = 'throw'
// Each is loaded on demand: all of them take a quarter of a second.
const loaders: Readonly<Record<string, () => Promise<Vendor | undefined>>> = {
  xenapi: async () => (await import('@holdfast/xenapi')).xenapi({ url, ...login }) as Vendor,
  vsphere: async () => (await import('@holdfast/vsphere')).vsphere({ url, ...login }) as Vendor,
  openstack: async () => (await import('@holdfast/openstack')).openstack({ url, auth }) as Vendor,
  csbs: async () => (await import('@holdfast/csbs')).csbs({ url, auth, failedBackups }) as Vendor,
  vbs: async () => (await import('@holdfast/vbs')).vbs({ url, auth, failedBackups }) as Vendor,
  bearer: async () => (await import('@holdfast/bearer')).bearer({ url, token: 'none' }) as Vendor,
  http: async () => undefined,
}

/** The names of all vendors. */
export const vendorNames: readonly string[] = Object.keys(loaders)

/** The name of a vendor, in whatever case: `vSphere`. */
export const vendorNamed = (given = ''): string | undefined => vendorNames.find((name) => name === given.toLowerCase())

const anyClient = resilient(refuse)

/** The code of the row that an error of Node.js with this code falls under, such as `TLS_CERTIFICATE`, if there is one. */
export async function codeOfThrown(code: string): Promise<string | undefined> {
  const { verdict } = await anyClient.explain(Object.assign(new Error(code), { code }))
  return verdict?.code
}

/** The code in another spelling of it, as a row has it: quoted, with what stands beside it in an error, or with its package. */
export function codeOf(given: string): string {
  const [word = given] = /\w(?:[\w.-]*\w)?/.exec(given) ?? []
  if (/^[1-5]\d\d$/.test(word)) return `HTTP_${word}`
  const [, vapi] = /^(?:com\.vmware\.)?vapi\.std\.errors\.(\w+)$/.exec(word) ?? []
  const [, vim] = /(?:^|\.)(?:vim|vmodl)\.fault\.(\w+)$/.exec(word) ?? []
  return vapi?.toUpperCase() ?? vim ?? word
}

async function refuse(): Promise<never> {
  throw new Error('Nothing is sent.')
}

/** The vendor of this name, if there is one. */
export async function load(given: string): Promise<Known | undefined> {
  const name = vendorNamed(given)
  const loader = name === undefined ? undefined : loaders[name]
  if (name === undefined || loader === undefined) return undefined
  const vendor = await loader()
  const isRpc = name === 'xenapi'
  return {
    catalogue: (vendor ?? http).catalogue,
    client: resilient(refuse, vendor && { vendor }),
    requests: isRpc ? BY_RPC : BY_METHOD,
    urls: (PATHS[name] ?? ['/']).map((path) => NOWHERE + path),
    isRpc,
  }
}

/** The vendors of these names. */
export async function loadAll(names: readonly string[]): Promise<readonly Known[]> {
  const known = await Promise.all(names.map(load))
  return known.filter((each) => each !== undefined)
}
