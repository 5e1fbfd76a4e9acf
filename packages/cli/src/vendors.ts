import { type AskedRequest, http, type ResilientFetch, resilient } from '@holdfast/core'
import type { Catalogue, Vendor } from '@holdfast/core/plugin'

/** The host of every client here, which nobody has. */
export const NOWHERE = 'https://host.invalid'

/** The knowledge of one API, and a client that can be asked about it. */
export interface Known {
  readonly catalogue: Catalogue
  /** It explains, and sends nothing. */
  readonly client: ResilientFetch
  /** Requests that one may ask about who names none. */
  readonly requests: Readonly<Record<'read' | 'change', AskedRequest>>
}

const BY_METHOD = { read: { method: 'GET' }, change: { method: 'POST' } }
const rpc = (method: string) => ({
  method: 'POST',
  body: JSON.stringify({ jsonrpc: '2.0', method, params: [], id: 1 }),
})
/** An RPC goes by POST whatever it does. */
const BY_RPC = { read: rpc('VM.get_all'), change: rpc('VM.start') }

const url = NOWHERE
// Each is loaded when it is asked for: all of them take a quarter of a second.
const loaders: Readonly<Record<string, () => Promise<Vendor | undefined>>> = {
  xenapi: async () => (await import('@holdfast/xenapi')).xenapi({ url }) as Vendor,
  vsphere: async () => (await import('@holdfast/vsphere')).vsphere({ url }) as Vendor,
  openstack: async () => (await import('@holdfast/openstack')).openstack({ url }) as Vendor,
  csbs: async () => (await import('@holdfast/csbs')).csbs({ url }) as Vendor,
  vbs: async () => (await import('@holdfast/vbs')).vbs({ url }) as Vendor,
  bearer: async () => (await import('@holdfast/bearer')).bearer({ url, token: 'none' }) as Vendor,
  http: async () => undefined,
}

/** The names of all vendors. */
export const vendorNames: readonly string[] = Object.keys(loaders)

const refuse = async (): Promise<never> => {
  throw new Error('Nothing is sent.')
}

/** The vendor of this name, if there is one. */
export async function load(name: string): Promise<Known | undefined> {
  const loader = Object.hasOwn(loaders, name) ? loaders[name] : undefined
  if (loader === undefined) return undefined
  const vendor = await loader()
  return {
    catalogue: (vendor ?? http).catalogue,
    client: resilient(refuse, vendor && { vendor }),
    requests: name === 'xenapi' ? BY_RPC : BY_METHOD,
  }
}

/** The vendors of these names. */
export async function loadAll(names: readonly string[]): Promise<readonly Known[]> {
  const known = await Promise.all(names.map(load))
  return known.filter((each) => each !== undefined)
}
