import {
  createState,
  type Fetch,
  isOptionsError,
  OptionsError,
  optionNames,
  type ResilientFetch,
  type ResilientOptions,
  resilient,
} from '@holdfast/core'
import { type ChecksOf, checkVendorOptions, nameInErrors, ofType, sessionSource, text } from '@holdfast/core/plugin'
import { type OpenstackRow, openstack } from '@holdfast/openstack'
import { type EndpointOptions, endpointOf } from './endpoint.ts'
import type { KeystoneSource } from './session.ts'

/** Options of `createOpenstack`: the service, the source of its tokens, and every option of `resilient`. */
export type OpenstackClientOptions = EndpointOptions &
  Omit<ResilientOptions<OpenstackRow>, 'vendor'> & {
    /** Source of the tokens: `keystone({ … })`. Clients that are given the same one, and one `state`, share a token. */
    readonly auth: KeystoneSource
    /** Type of the service as the catalogue has it: `volumev3`, `compute`, `network`, `image`. */
    readonly catalog: string
    /** The `fetch` that requests are sent with. @default the global `fetch` */
    readonly fetch?: Fetch
  }

/** A client of one service of a cloud. */
export type OpenstackClient = ResilientFetch<OpenstackRow> & {
  /** The address of the service, without a slash at its end; for some services the project is part of it. */
  readonly url: string
}

type Own = Omit<OpenstackClientOptions, keyof ResilientOptions>

/** The region and the interface are checked where the catalogue is read. */
const own: ChecksOf<Own> = {
  auth: sessionSource,
  catalog: text,
  fetch: ofType('function'),
  region: () => {},
  interface: () => {},
}

/**
 * Makes a client of a service that is known by its type: the catalogue is read once, through a client of the identity
 * service, and then the address stands.
 *
 * @throws {OptionsError} naming what cannot be meant, or what the catalogue does not have, and what it has.
 * @throws {VendorError} when the identity service cannot be asked, or refuses.
 * @example
 * const volumes = await createOpenstack({ auth, catalog: 'volumev3', region: 'eu-de' })
 * const reply = await volumes(`${volumes.url}/volumes/detail`)
 * await volumes.close()
 */
export async function createOpenstack(options: OpenstackClientOptions): Promise<OpenstackClient> {
  const { auth, catalog, region, interface: face, fetch: sending = globalThis.fetch, ...policy } = checked(options)
  const shared = { ...policy, state: policy.state ?? createState() }
  const identity = resilient(sending, { ...shared, vendor: openstack({ url: auth.identityUrl, auth }) })
  try {
    const named = { ...(region !== undefined && { region }), ...(face !== undefined && { interface: face }) }
    const url = await endpointOf(identity, auth, catalog, named).catch(asOwn)
    // Made before the other is closed, which would end the token.
    return Object.assign(resilient(sending, { ...shared, vendor: openstack({ url, auth }) }), { url })
  } finally {
    await identity.close()
  }
}

/** An option at fault by the name that it has here. */
function asOwn(error: unknown): never {
  if (!isOptionsError(error)) throw error
  throw new OptionsError(error.option === 'type' ? 'catalog' : error.option, error.problem, 'createOpenstack')
}

function checked(options: OpenstackClientOptions): OpenstackClientOptions {
  const names = new Set<string>(optionNames)
  const mine = Object.fromEntries(Object.entries(Object(options)).filter(([name]) => !names.has(name)))
  checkVendorOptions('createOpenstack', mine as unknown as Own, own)
  nameInErrors('createOpenstack', () => {
    if (options.auth === undefined) throw new OptionsError('auth', 'is missing: give it a `keystone({ … })`.')
    if (options.catalog === undefined)
      throw new OptionsError('catalog', 'is missing: give it the type of the service, such as `volumev3`.')
  })
  return options
}
