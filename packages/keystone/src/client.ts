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
    /** Source of the tokens: `keystone({ … })`. Clients with the same source and the same `state` share a token. */
    readonly auth: KeystoneSource
    /** Type of the service in the catalogue: `volumev3`, `compute`, `network`, `image`. */
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

/** The checks of its own options. The region and the interface are checked when the catalogue is read. */
const own: ChecksOf<Own> = {
  auth: sessionSource,
  catalog: text,
  fetch: ofType('function'),
  region: () => {},
  interface: () => {},
}

/**
 * Makes a client of a service by its type. The catalogue is read once, through a client of the identity service; after that, the
 * address does not change.
 *
 * @throws {OptionsError} naming the invalid option, or what the catalogue does not have, and what it has.
 * @throws {VendorError} when the identity service does not answer, or refuses.
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
    // Made before the client of the identity service is closed, which would otherwise end the token.
    return Object.assign(resilient(sending, { ...shared, vendor: openstack({ url, auth }) }), { url })
  } finally {
    await identity.close()
  }
}

/** Renames the option in an error to its name here. */
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
