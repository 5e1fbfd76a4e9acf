import {
  type JsonObject,
  nameInErrors,
  OptionsError,
  objectsIn,
  oneOf,
  parseObject,
  suggestion,
  text,
  textOf,
} from '@holdfast/core/plugin'
import type { KeystoneSource } from './session.ts'

/** The endpoint to choose, if a service has several. */
export interface EndpointOptions {
  /** @default the region of the source's options, or the only one that has the service */
  readonly region?: string
  /** @default 'public' */
  readonly interface?: 'public' | 'internal' | 'admin'
}

/**
 * Looks a service up in the catalogue of the cloud. Do this once, when a program starts, because a vendor sends its token only to
 * the addresses that it was made with.
 *
 * @param client signs with the tokens of `auth`: a client of `openstack({ url: auth.identityUrl, auth })`.
 * @param type the type in the catalogue: `volumev3`, `compute`, `network`, `image`, `identity`.
 * @returns the URL of the endpoint, without a slash at its end; for some services the project is part of it.
 * @throws {OptionsError} naming what the catalogue does not have, and what it has; or a service with an http URL, if that of the
 *   identity service is https. What the client throws is passed on.
 *
 * @example
 * const identity = resilient(fetch, { vendor: openstack({ url: auth.identityUrl, auth }), state })
 * const url = await endpointOf(identity, auth, 'volumev3', { region: 'eu-de' })
 * const volumes = resilient(fetch, { vendor: openstack({ url, auth }), state })
 */
export async function endpointOf(
  client: (input: string, init?: RequestInit) => Promise<Response>,
  auth: KeystoneSource,
  type: string,
  options: EndpointOptions = {},
): Promise<string> {
  const region = options.region ?? auth.region
  const face = options.interface ?? 'public'
  nameInErrors('endpointOf', () => {
    text(type, 'type')
    if (region !== undefined) text(region, 'region')
    oneOf('public', 'internal', 'admin')(face, 'interface')
  })
  const reply = await client(`${auth.identityUrl}/auth/catalog`, { headers: { accept: 'application/json' } })
  const services = reply.ok ? parseObject(await reply.text())?.catalog : undefined
  if (!Array.isArray(services)) {
    throw new Error(
      `The catalogue of ${auth.identityUrl} was answered with status ${reply.status}, but without services.`,
    )
  }
  return nameInErrors('endpointOf', () => urlOf(choose(objectsIn(services), type, face, region), auth))
}

function choose(services: readonly JsonObject[], type: string, face: string, region: string | undefined): JsonObject {
  const ofType = services.filter((service) => service.type === type)
  if (ofType.length === 0) throw absent('type', type, namesIn(services, 'type'))
  const endpoints = ofType.flatMap((service) => objectsIn(service.endpoints))
  const ofFace = endpoints.filter((endpoint) => endpoint.interface === face)
  if (ofFace.length === 0) throw absent('interface', face, namesIn(endpoints, 'interface'))
  const regions = [...new Set(ofFace.flatMap((endpoint) => regionOf(endpoint) ?? []))]
  if (region === undefined && regions.length > 1) {
    throw new OptionsError('region', `is missing: ${type} is in ${listed(regions)}.`)
  }
  const found = ofFace.find((endpoint) => region === undefined || regionOf(endpoint) === region)
  if (found === undefined) throw absent('region', region ?? '', regions)
  return found
}

/** The newer of the two names of a service's type. */
const regionOf = ({ region_id, region }: JsonObject): string | undefined => textOf(region_id) ?? textOf(region)

const namesIn = (objects: readonly JsonObject[], key: string): readonly string[] => [
  ...new Set(objects.flatMap((object) => textOf(object[key]) ?? [])),
]

/** Most names that an error lists. */
const MOST_NAMED = 20

const listed = (names: readonly string[]): string => names.slice(0, MOST_NAMED).join(', ') || 'nothing'

const absent = (option: string, wanted: string, there: readonly string[]): OptionsError =>
  new OptionsError(
    option,
    `must be in the catalogue, which has no ${JSON.stringify(wanted)}; it has ${listed(there)}.${suggestion(wanted, there)}`,
  )

function urlOf({ url }: JsonObject, { identityUrl }: KeystoneSource): string {
  const given = textOf(url) ?? ''
  const address = URL.canParse(given) ? new URL(given) : undefined
  if (address?.protocol !== 'https:' && address?.protocol !== 'http:') {
    throw new Error(`The catalogue of ${identityUrl} has an endpoint without an address.`)
  }
  if (address.protocol === 'http:' && identityUrl.startsWith('https:')) {
    throw new OptionsError(
      'type',
      `must be asked by https, as the identity service is; the catalogue has ${address.origin}. Write the address yourself if that is meant.`,
    )
  }
  return given.replace(/\/+$/, '')
}
