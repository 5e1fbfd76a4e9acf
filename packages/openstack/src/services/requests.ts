import { isObject, objectOf, parseJson, parseObject, type RequestFacts } from '@holdfast/core/plugin'
import { pathOf } from '../paths.ts'
import { actions } from './actions.ts'
import { isBulkDeletion, successKindOf } from './parts.ts'
import { serviceOf } from './service.ts'

const serverAction = /\/servers\/[^/]+\/action$/
const volumeAction = /\/volumes\/[^/]+\/action$/
/** Both services keep the keys that are not named, and set those that are. */
const metadata = /\/(?:servers|volumes|snapshots)\/[^/]+\/metadata$/

/** Actions of a volume that set a property to the value in the body. */
const assigning: ReadonlySet<string> = new Set(['os-set_bootable', 'os-update_readonly_flag', 'os-set_image_metadata'])
/** Actions that only look. */
const looking: ReadonlySet<string> = new Set(['os-getConsoleOutput', 'os-show_image_metadata'])

/** True for a request whose body tells what it does. */
export const needsRequestBody = (request: RequestFacts): boolean =>
  request.method === 'POST' && [serverAction, volumeAction].some((one) => one.test(pathOf(request)))

/** The action that a body names, where it is one that the services are known to have. */
export function actionOf(request: RequestFacts): string | undefined {
  if (!needsRequestBody(request)) return undefined
  const [action, ...more] = Object.keys(parseObject(request.bodyText) ?? {})
  return action !== undefined && more.length === 0 && actions.has(action) ? action : undefined
}

/** True for a POST that is known to change nothing. */
export const isSafe = (request: RequestFacts): boolean | undefined =>
  looking.has(actionOf(request) ?? '') ? true : undefined

/**
 * True for a POST or PATCH that sets something to a value, so that a second one leaves what the first has made: metadata,
 * properties of a volume, all changes of Keystone's objects, and replacements of an image's properties; or that deletes what
 * is listed. Whatever starts, stops, makes or attaches anything is not among them.
 */
export function isRepeatableWrite(request: RequestFacts): boolean {
  const path = pathOf(request)
  if (request.method === 'PATCH') {
    if (serviceOf(request) === 'identity') return true
    return /\/v2\/images\/[^/]+$/.test(path) && isReplacement(request)
  }
  return metadata.test(path) || isBulkDeletion(request) || assigning.has(actionOf(request) ?? '')
}

/** A list of JSON patches can append, and then means more the second time. */
function isReplacement({ bodyText = '' }: RequestFacts): boolean {
  const patches = parseJson(bodyText)
  return Array.isArray(patches) && patches.length > 0 && patches.every((patch) => objectOf(patch)?.op === 'replace')
}

/** The time of a transfer of an image, which is as long as the image, and of many things. An hour moves 360 GB at 100 MB/s. */
const hour = { timeout: 3_600_000, totalTimeout: 3_600_000 }

/** Time limits of what is slow by nature: the data of an image, and many things in one request. */
export const limits = (request: RequestFacts) =>
  successKindOf(request) === 'bulk' || /\/v2\/images\/[^/]+\/(?:file|stage)$/.test(pathOf(request)) ? hour : undefined

/** The name that a body gives to what is made, whether that stands under a key or not. */
export function nameIn({ bodyText }: RequestFacts): string | undefined {
  const body = parseObject(bodyText)
  const [only] = Object.values(body ?? {})
  const { name } = (isObject(only) ? only : body) ?? {}
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** A name that the compute service can be asked for: it takes one for a regular expression. */
export const nameForNova = (name: string | undefined): string | undefined =>
  name !== undefined && /^[\w -]+$/.test(name) ? name : undefined
