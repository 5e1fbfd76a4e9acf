import {
  defineVendor,
  type ErrorRow,
  type Fault,
  type Reply,
  type RequestFacts,
  type Vendor,
} from '@holdfast/core/plugin'
import { holdsWantedState } from './achieved.ts'
import { faultOf, refusalWith } from './fault.ts'
import { hintFor } from './hints.ts'
import { operationNames } from './operation.ts'
import { isLogin } from './paths.ts'
import { secretsIn } from './secrets.ts'
import type { CheckedServiceOptions } from './service-options.ts'
import { tokenHeader } from './token.ts'

/** The parts that differ between services. */
export interface OpenstackService<Row extends ErrorRow, SuccessKind extends string>
  extends Pick<Vendor<Row>, 'name' | 'catalogue' | 'successes' | 'needsRequestBody' | 'limits'> {
  /** The paths after version and project, as a tree of `pathTemplates`, for operations. */
  readonly paths: string
  /** Paths right after the version, in addition to those of the identity API. @default none */
  readonly unscopedPaths?: string
  /** Codes that only this service has; those of gateway, identity service and balancer are shared. */
  readonly ownCodes: RegExp
  /** Parameters of a failure with one of {@link ownCodes}, from its body or the request. */
  paramsOf(code: string, reply: Reply): readonly unknown[] | undefined
  /** The kind of a request that may be answered with a success although something failed; `undefined` for any other. */
  successKindOf(request: RequestFacts): SuccessKind | undefined
  /** Reads a success of such a kind. */
  failureIn200(kind: SuccessKind, reply: Reply): Fault | undefined
  /** True for a POST that changes nothing; `undefined` if that is not known. */
  isSafe(request: RequestFacts): boolean | undefined
  /** True for a PUT, DELETE or GET that does something anew each time. @default none does */
  actsAnew?(request: RequestFacts): boolean
  /** True for a POST or PATCH that changes something and may be sent twice. No service knows an idempotency key. */
  isRepeatableWrite(request: RequestFacts): boolean
  /** The action that a request names in its body, of a closed list: it is part of the operation's name. @default none */
  actionOf?(request: RequestFacts): string | undefined
  /** The scope of a request. @default one for logins, which may have the same address, and one for the rest */
  scope?(request: RequestFacts): string
  /** The query that shows whether a request was done that changes something. */
  verificationOf(request: RequestFacts): string | undefined
}

/** Paths of Swift, whose objects may be pages: an account begins with its `reseller_prefix`, `AUTH_` by default. */
const ofSwift = /\/v1\/[^/]*_/
/** Names of paths that a service's reference has. Their answers are JSON, but for an image, which is `application/octet-stream`. */
const isKnown = /^(?!.*\{path\}).*\/v\d/

/**
 * Makes the vendor of a service that takes Keystone's tokens, from its own parts and those that all services share.
 *
 * @example
 * const vendor = openstackVendor({ name: 'csbs', catalogue, ownCodes: /^CSBS\./, … }, checkServiceOptions('csbs', options, {}))
 */
export function openstackVendor<Row extends ErrorRow, SuccessKind extends string>(
  service: OpenstackService<Row, SuccessKind>,
  { origin, auth }: CheckedServiceOptions,
): Vendor<Row> {
  const { name, catalogue, successes, needsRequestBody, limits } = service
  const actsAnew = (request: RequestFacts) => service.actsAnew?.(request) === true
  const isSafe = (request: RequestFacts) => (actsAnew(request) ? false : service.isSafe(request))
  const nameOf = operationNames(service.paths, service.unscopedPaths)
  return defineVendor({
    name,
    catalogue,
    parse: (reply) => (reply.status >= 400 ? failureIn(reply, service) : failureInSuccess(reply, service)),
    operation(request) {
      const action = service.actionOf?.(request)
      return action === undefined ? nameOf(request) : `${nameOf(request)} (${action})`
    },
    hintFor,
    scope: service.scope ?? ((request) => (isLogin(request) ? 'login' : 'data')),
    isSafe,
    isRepeatable(request) {
      if (actsAnew(request)) return false
      if (request.method !== 'POST' && request.method !== 'PATCH') return undefined
      // If the reply is lost, the token expires unused.
      return isSafe(request) === true || isLogin(request) || service.isRepeatableWrite(request)
    },
    verifyWith(request) {
      const isRead = request.method === 'GET' || request.method === 'HEAD' || isSafe(request)
      return isRead ? undefined : service.verificationOf(request)
    },
    bodyNeed: (request) => (service.successKindOf(request) === undefined ? 'none' : 'whole'),
    // A login reads its own answer, and names the address that it was sent to.
    answersNoPage: (request) => !isLogin(request) && !ofSwift.test(request.path) && isKnown.test(nameOf(request)),
    secretHeaders: [tokenHeader],
    secretsIn,
    ...(needsRequestBody !== undefined && { needsRequestBody }),
    ...(limits !== undefined && { limits }),
    ...(successes !== undefined && { successes }),
    ...(origin !== undefined && { origins: [origin] }),
    ...(auth !== undefined && { auth }),
  })
}

type Parts = Pick<OpenstackService<ErrorRow, string>, 'catalogue' | 'ownCodes' | 'paramsOf'>

function failureIn(reply: Reply, parts: Parts): Fault | undefined {
  const fault = faultIn(reply, parts)
  const achieved = fault?.message !== undefined && holdsWantedState(fault.message, reply.request)
  return achieved ? { ...fault, achieved } : fault
}

function faultIn(reply: Reply, { catalogue, ownCodes, paramsOf }: Parts): Fault | undefined {
  const fault = faultOf(reply)
  if (fault?.status === 401 && catalogue.find(fault) === undefined) return refusalWith(fault)
  if (fault === undefined || !ownCodes.test(fault.code)) return fault
  const { params: _, ...rest } = fault
  const params = paramsOf(fault.code, reply)
  return { ...rest, ...(params?.some((param) => param !== undefined) && { params }) }
}

function failureInSuccess<Kind extends string>(
  reply: Reply,
  { successKindOf, failureIn200 }: Pick<OpenstackService<ErrorRow, Kind>, 'successKindOf' | 'failureIn200'>,
): Fault | undefined {
  const { method } = reply.request
  if (reply.status === 300) return method === 'GET' || method === 'HEAD' ? undefined : { code: 'multipleChoices' }
  const kind = reply.status >= 200 && reply.status < 300 ? successKindOf(reply.request) : undefined
  return kind === undefined ? undefined : failureIn200(kind, reply)
}
