import type { RequestFacts } from '@holdfast/core/plugin'

/** The login path of each surface. */
export const sessionPaths = { api: '/api/session', rest: '/rest/com/vmware/cis/session' } as const

export const isSession = ({ path }: RequestFacts): boolean => path === sessionPaths.api || path === sessionPaths.rest

/** First path segments of the services that speak SOAP (`Path` and `basePath` of vmware/govmomi's clients). */
const soapServices = new Set([
  'sdk',
  'eam',
  'lookupservice',
  'pbm',
  'sms',
  'sso-adminserver',
  'sts',
  'vsanHealth',
  'vslm',
])

const isAutomation = ({ path }: RequestFacts): boolean => path.startsWith('/api/') || path.startsWith('/rest/')

/** The service of a path of the Web Services API or a related one; `undefined` for any other path. */
export function webServiceOf(request: RequestFacts): string | undefined {
  // Most requests are these, and splitting a path takes a tenth of the time of a successful call.
  if (isAutomation(request)) return undefined
  const [, first = ''] = request.path.split('/', 2)
  return soapServices.has(first) ? first : undefined
}

/** True for these services, by SOAP or JSON: they have other faults, and sessions of their own. */
export const isWebServices = (request: RequestFacts): boolean => webServiceOf(request) !== undefined

/** True for a call of the JSON-RPC of VMware's own SDKs: its body contains the operation and the caller's session. */
export const isRpc = ({ method, path }: RequestFacts): boolean =>
  method === 'POST' && (path === '/api' || path === '/api/')

export const isCovered = (request: RequestFacts): boolean =>
  isAutomation(request) || isWebServices(request) || isRpc(request)

/** True for what is answered in JSON or SOAP. Some services have pages for browsers, such as `/eam/mob`; a login reads its own answer. */
export const answersNoPage = (request: RequestFacts): boolean =>
  !isSession(request) &&
  (request.method === 'POST' || !isWebServices(request) || request.path.startsWith('/sdk/vim25/'))

const readingActions = /^(?:get|list|find|filter|probe)(?:-|$)/
const tagAssociation = /\/cis\/tagging\/tag-association(?:\/[^/]+)?$/
const tagChanges = /^(?:attach|detach)(?:-|$)/

/** True for a POST that only reads, by its action. */
export function isSafe(request: RequestFacts): boolean | undefined {
  if (request.method !== 'POST') return undefined
  const { action, asTask } = queryOf(request)
  return action !== undefined && readingActions.test(action) && !asTask ? true : undefined
}

/**
 * True if a POST is known to be harmless when it is sent twice.
 *
 * - Attaching an attached tag, or detaching a detached one, does nothing (TagAssociation of the vSphere Automation API).
 * - A second login at worst leaves a session behind that expires unused.
 */
export function isRepeatable(request: RequestFacts): boolean | undefined {
  if (request.method !== 'POST') return undefined
  const { action, asTask } = queryOf(request)
  if (asTask) return undefined
  if (isSession(request)) return true
  return action !== undefined && tagAssociation.test(request.path) && tagChanges.test(action) ? true : undefined
}

/** Requests whose answer can be a 200 with a failure, by the shape of the answer. */
export type ResultKind = 'ovf' | 'tags' | 'rpc'

const ovfItems = /\/vcenter\/ovf\/library-item$/
const ovfItem = /\/vcenter\/ovf\/library-item\/[^/]+$/
const tagBatches =
  /^(?:attach-multiple-tags-to-object|detach-multiple-tags-from-object|attach-tag-to-multiple-objects|detach-tag-from-multiple-objects)$/

/** The part of a success that must be read to know that it is one. */
export function resultKindOf(request: RequestFacts): ResultKind | undefined {
  if (request.method !== 'POST') return undefined
  if (isRpc(request)) return 'rpc'
  const { action } = queryOf(request)
  if (action === undefined) return ovfItems.test(request.path) ? 'ovf' : undefined
  if (action === 'deploy' && ovfItem.test(request.path)) return 'ovf'
  return tagBatches.test(action) && tagAssociation.test(request.path) ? 'tags' : undefined
}

const slowPaths =
  /\/vcenter\/(?:vm(?:\/[^/]+)?(?:\/power(?:\/[^/]+)?)?|(?:ovf\/library-item|vm-template\/library-items)(?:\/.+)?)$/

/** True for operations such as power, create, clone and deploy, which answer when the work is done, unless they run as a task. */
export function isSlow(request: RequestFacts): boolean {
  // Only its body names the operation.
  if (isRpc(request)) return true
  if (request.method === 'GET' || request.method === 'HEAD' || !slowPaths.test(request.path)) return false
  const { action, asTask } = queryOf(request)
  return !asTask && (action === undefined || !readingActions.test(action))
}

/** The action in the query. */
export const actionOf = (request: RequestFacts): string | undefined => queryOf(request).action

/** `action` under `/api`, `~action` under `/rest`. */
function queryOf({ query }: RequestFacts): { readonly action: string | undefined; readonly asTask: boolean } {
  if (query === '') return { action: undefined, asTask: false }
  const parameters = new URLSearchParams(query)
  return {
    action: parameters.get('action') ?? parameters.get('~action') ?? undefined,
    asTask: parameters.get('vmw-task') === 'true',
  }
}
