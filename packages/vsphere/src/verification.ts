import { isObject, type JsonObject, parseObject, type RequestFacts, textOf, urlPart } from '@holdfast/core/plugin'
import { templateOf } from './operation.ts'
import { actionOf, isSession, webServiceOf } from './requests.ts'
import { readOfObject } from './web-services-verification.ts'

/**
 * Lists that can be asked for a name: `names` of `/api`, `filter.names` of `/rest`.
 *
 * Source: the `list` operations of `vcenter/{cluster,datacenter,datastore,folder,host,network,resource-pool,vm}`.
 */
const named = /\/vcenter\/(?:cluster|datacenter|datastore|folder|host|network|resource-pool|vm)$/
/** Deployments, whose machine is in another list. */
const deployment = /\/vcenter\/(?:ovf|vm-template)\/library-items?\/[^/]+$/
/** Items of a library are listed by the library. */
const libraryItems = /\/(?:vcenter\/(?:ovf|vm-template)\/library-items?|content\/library\/item)$/
const tagAssociation = /\/cis\/tagging\/tag-association(\/[^/]+)?$/
/** Under `/rest` what is done to an object may be a part of the path. */
const act = /(\/(?:power|services?\/[^/]+|shutdown))\/[a-z]+$/
/** Paths in a guest: what runs there is listed by a POST that shows a login. */
const inGuest = /\/guest\/(?!power$|customization$|identity$)/

/**
 * The query that shows whether a request was done: for the object that it is about, or for the list that would contain what it
 * makes, by its name. `undefined` for a path that is not known, because nobody knows whether it can be read.
 */
export function verificationOf(request: RequestFacts): string | undefined {
  if (webServiceOf(request) !== undefined) return readOfObject(request)
  const path = request.path.replace(act, '$1')
  if (isSession(request) || inGuest.test(path) || !isKnown(path)) return undefined
  const [, tag] = tagAssociation.exec(path) ?? []
  const isOfRest = path.startsWith('/rest/')
  if (tagAssociation.test(path))
    return `POST ${path}?${isOfRest ? '~' : ''}action=list-attached-${tag === undefined ? 'tags-on-objects' : 'objects'}`
  return request.method === 'POST' ? listFor(request, path, isOfRest ? '/rest' : '/api') : `GET ${path}`
}

const isKnown = (path: string): boolean => /^\/(?:api|rest)\/(?!.*\{path\})/.test(templateOf(path))

/** The list or the object that a POST changes. */
function listFor(request: RequestFacts, path: string, surface: '/api' | '/rest'): string | undefined {
  const parts = partsOf(request.bodyText)
  const first = (...names: readonly string[]) =>
    parts.flatMap((part) => names.map((name) => textOf(part[name]))).find((value) => value !== undefined)
  if (libraryItems.test(path)) {
    const library = first('library_id', 'library')
    const items = surface === '/api' ? '/api/content' : '/rest/com/vmware/content'
    return library && `GET ${items}/library/item?library_id=${urlPart(library)}`
  }
  const isDeployed = deployment.test(path) && actionOf(request) === 'deploy'
  const list = isDeployed ? `${surface}/vcenter/vm` : path
  const name = named.test(list) ? first('name', 'hostname') : undefined
  const filter = surface === '/api' ? 'names' : 'filter.names'
  return `GET ${list}${name === undefined ? '' : `?${filter}=${urlPart(name)}`}`
}

/** The objects of a body that describe what is made: the body, and its members (`spec` under `/rest`). */
function partsOf(bodyText: string | undefined): readonly JsonObject[] {
  const body = parseObject(bodyText) ?? {}
  return [body, body.spec, body.deployment_spec, body.create_spec, body.target].filter(isObject)
}
