import type { ErrorRow, Vendor } from '@holdfast/core/plugin'
import { catalogue } from './catalogue.ts'
import { readEnvelope } from './envelope.ts'
import { checkServiceOptions, type ServiceOptions } from './service-options.ts'
import { failureOfParts, successKindOf } from './services/parts.ts'
import { paths, unscopedPaths } from './services/paths.ts'
import { actionOf, actsAnew, isRepeatableWrite, isSafe, limits, needsRequestBody } from './services/requests.ts'
import { serviceOf } from './services/service.ts'
import { verificationOf } from './services/verification.ts'
import { openstackVendor } from './vendor.ts'

/** The options of `openstack`. */
export type OpenstackOptions = ServiceOptions

/** Codes whose rows are refined by the message. */
const readBySentence: ReadonlySet<string> = new Set(['BadRequest', 'placement.concurrent_update'])

/** One row of OpenStack's catalogue. `Extract` gives the union of all rows this name, which editors show. */
export type OpenstackRow = Extract<(typeof catalogue)['rows'][number], ErrorRow>

/**
 * The services of an OpenStack cloud: Keystone, Nova, Cinder, Neutron and Glance; their errors, and those of gateway, identity
 * service and load balancer in front of them. Each address is a vendor of its own, and one source of tokens serves them all.
 *
 * @example
 * const auth = keystone({ authUrl, applicationCredentialId, applicationCredentialSecret })
 * const volumes = resilient(fetch, { vendor: openstack({ url: 'https://volume.example', auth }) })
 *
 * @throws {OptionsError} naming the option at fault.
 */
export const openstack = (options: OpenstackOptions = {}): Vendor<OpenstackRow> =>
  openstackVendor(
    {
      name: 'openstack',
      catalogue,
      successes: { 200: 'OK', 201: 'CREATED', 202: 'ACCEPTED', 204: 'NO_CONTENT', 300: 'MULTIPLE_CHOICES' },
      paths,
      unscopedPaths,
      // Neutron's classes and Placement's codes; all others are named by what is shared.
      ownCodes: /^(?:[A-Z][A-Za-z0-9]+|placement\.[a-z_.]+)$/,
      paramsOf: (code, { text }) => (readBySentence.has(code) ? [readEnvelope(text)?.message] : undefined),
      successKindOf,
      failureIn200: failureOfParts,
      actionOf,
      scope: serviceOf,
      limits,
      needsRequestBody,
      isSafe,
      actsAnew,
      isRepeatableWrite,
      verificationOf,
    },
    checkServiceOptions('openstack', options, {}),
  )
