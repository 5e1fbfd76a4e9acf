import { isObject, objectOf, parseJson, parseObject, type RequestFacts } from '@holdfast/core/plugin'
import { pathOf } from '../paths.ts'
import { actions } from './actions.ts'
import { isBulkDeletion, successKindOf } from './parts.ts'
import { serviceOf } from './service.ts'

const serverAction = /\/servers\/[^/]+\/action$/
const volumeAction = /\/volumes\/[^/]+\/action$/
/** Paths of metadata: both services set the keys in the body, and keep all others. */
const metadata = /\/(?:servers|volumes|snapshots)\/[^/]+\/metadata$/

/** Actions of a volume that set a property to the value in the body. */
const assigning: ReadonlySet<string> = new Set(['os-set_bootable', 'os-update_readonly_flag', 'os-set_image_metadata'])
/** Actions that only read. */
const looking: ReadonlySet<string> = new Set(['os-getConsoleOutput', 'os-show_image_metadata'])

const nodePower = /\/nodes\/[^/]+\/states\/power$/

const hasAction = (request: RequestFacts): boolean =>
  request.method === 'POST' && [serverAction, volumeAction].some((one) => one.test(pathOf(request)))

/** True for a request whose body names what it does. */
export const needsRequestBody = (request: RequestFacts): boolean =>
  hasAction(request) || (request.method === 'PUT' && nodePower.test(pathOf(request)))

/** The action in a body, if it is a known one. */
export function actionOf(request: RequestFacts): string | undefined {
  if (!hasAction(request)) return undefined
  const [action, ...more] = Object.keys(parseObject(request.bodyText) ?? {})
  return action !== undefined && more.length === 0 && actions.has(action) ? action : undefined
}

/** True for a POST that is known to change nothing. */
export const isSafe = (request: RequestFacts): boolean | undefined =>
  looking.has(actionOf(request) ?? '') ? true : undefined

/** Addresses of actions: Ironic's (PUT, those of a driver by any method), Octavia's and Cinder's (PUT), Nova's before 2.43 (GET). */
const ofAction: readonly (readonly [methods: RegExp, path: RegExp])[] = [
  [/^PUT$/, /\/nodes\/[^/]+\/(?:states\/provision|management\/inject_nmi)$/],
  [/./, /\/(?:nodes|drivers)\/[^/]+\/vendor_passthru$/],
  [/^PUT$/, /\/(?:loadbalancers|amphorae)\/[^/]+\/failover$/],
  [/^PUT$/, /\/os-services\/failover(?:_host)?$/],
  [/^GET$/, /\/os-hosts\/[^/]+\/(?:startup|shutdown|reboot)$/],
]

/** The states of power that a node can be set to. Any other target is an action, such as a reboot. */
const powerStates: ReadonlySet<unknown> = new Set(['power on', 'power off', 'soft power off'])

/** True for a request that does something anew each time, though HTTP calls its method idempotent, or safe. */
export function actsAnew(request: RequestFacts): boolean {
  const { method, bodyText } = request
  const path = pathOf(request)
  if (method === 'PUT' && nodePower.test(path)) return !powerStates.has(parseObject(bodyText)?.target)
  return ofAction.some(([methods, address]) => methods.test(method) && address.test(path))
}

/**
 * True for a POST or PATCH that sets something to a value, so that a second one changes nothing: metadata, properties of a volume,
 * all changes of Keystone's objects, and replacements of an image's properties; or that deletes what it lists. Not for a request
 * that starts, stops, makes or attaches anything.
 */
export function isRepeatableWrite(request: RequestFacts): boolean {
  const path = pathOf(request)
  if (request.method === 'PATCH') {
    if (serviceOf(request) === 'identity') return true
    return /\/v2\/images\/[^/]+$/.test(path) && isReplacement(request)
  }
  return metadata.test(path) || isBulkDeletion(request) || assigning.has(actionOf(request) ?? '')
}

/** True for JSON patches that only replace: an `add` may append, and would do so again the second time. */
function isReplacement({ bodyText = '' }: RequestFacts): boolean {
  const patches = parseJson(bodyText)
  return Array.isArray(patches) && patches.length > 0 && patches.every((patch) => objectOf(patch)?.op === 'replace')
}

/** Time limits for transferring an image, or for many things in one request. In an hour, 100 MB/s transfer 360 GB. */
const hour = { timeout: 3_600_000, totalTimeout: 3_600_000 }

/** The time limits of requests that are slow by nature: the data of an image, and many things in one request. */
export const limits = (request: RequestFacts) =>
  successKindOf(request) === 'bulk' || /\/v2\/images\/[^/]+\/(?:file|stage)$/.test(pathOf(request)) ? hour : undefined

/** The name of the new object in a body, at the top or under a key. */
export function nameIn({ bodyText }: RequestFacts): string | undefined {
  const body = parseObject(bodyText)
  const [only] = Object.values(body ?? {})
  const { name } = (isObject(only) ? only : body) ?? {}
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** A name as the compute service accepts it in a query: as a regular expression. */
export const nameForNova = (name: string | undefined): string | undefined =>
  name !== undefined && /^[\w -]+$/.test(name) ? name : undefined
