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

/** The name of the service behind a path of the Web Services API or of those beside it; `undefined` for any other path. */
export function webServiceOf(request: RequestFacts): string | undefined {
  // Most are these, and cutting a path to pieces is a tenth of a good call.
  if (isAutomation(request)) return undefined
  const [, first = ''] = request.path.split('/', 2)
  return soapServices.has(first) ? first : undefined
}

/** Those services, as SOAP or as JSON: they speak of faults in other words, and have sessions of their own. */
export const isWebServices = (request: RequestFacts): boolean => webServiceOf(request) !== undefined

/** A call of the JSON-RPC that VMware's own SDKs speak: its body names the operation, and shows its caller's session. */
export const isRpc = ({ method, path }: RequestFacts): boolean =>
  method === 'POST' && (path === '/api' || path === '/api/')

export const isCovered = (request: RequestFacts): boolean =>
  isAutomation(request) || isWebServices(request) || isRpc(request)

const readingActions = /^(?:get|list|find|filter|probe)(?:-|$)/
const tagAssociation = /\/cis\/tagging\/tag-association(?:\/[^/]+)?$/
const tagChanges = /^(?:attach|detach)(?:-|$)/

/**
 * True if a POST is known to be harmless when it is sent twice.
 *
 * - Reading actions change nothing.
 * - Attaching an attached tag, or detaching a detached one, does nothing (TagAssociation of the vSphere Automation API).
 * - A second login at worst leaves a session behind that expires unused.
 */
export function isRepeatable(request: RequestFacts): boolean | undefined {
  if (request.method !== 'POST') return undefined
  const { action, asTask } = queryOf(request)
  if (asTask) return undefined
  if (action === undefined) return isSession(request) ? true : undefined
  if (readingActions.test(action)) return true
  return tagAssociation.test(request.path) && tagChanges.test(action) ? true : undefined
}

/** A request whose answer can be a 200 that tells of failure, by what the answer looks like. */
export type ResultKind = 'ovf' | 'tags' | 'rpc'

const ovfItems = /\/vcenter\/ovf\/library-item$/
const ovfItem = /\/vcenter\/ovf\/library-item\/[^/]+$/
const tagBatches =
  /^(?:attach-multiple-tags-to-object|detach-multiple-tags-from-object|attach-tag-to-multiple-objects|detach-tag-from-multiple-objects)$/

/** Says whether a success of this request must be read to know that it is one, and how. */
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

/** Power, create, clone, deploy and the like answer only when the work is done, unless they are asked to run as a task. */
export function isSlow(request: RequestFacts): boolean {
  // Which operation it is, only its body says.
  if (isRpc(request)) return true
  if (request.method === 'GET' || request.method === 'HEAD' || !slowPaths.test(request.path)) return false
  const { action, asTask } = queryOf(request)
  return !asTask && (action === undefined || !readingActions.test(action))
}

/** The operation that the query names. */
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
