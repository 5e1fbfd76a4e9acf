import type { RequestFacts } from '@holdfast/core/plugin'
import { isLogin, pathOf } from '../paths.ts'
import { listQuery } from '../query.ts'
import { nameForNova, nameIn } from './requests.ts'
import { type ServiceName, serviceOf } from './service.ts'

/** The newest first, so that what a lost request made is at the top. */
const newest: Readonly<Partial<Record<ServiceName, string>>> = {
  compute: 'sort_key=created_at&sort_dir=desc',
  volume: 'sort=created_at:desc',
  image: 'sort=created_at:desc',
}

/** The last part of a path that names what is done to the object before it. */
const act =
  /\/(?:action|accept|password|restore|file|stage|import|actions\/[a-z]+|(?:add|remove|update)_[a-z_]+|os-[a-z-]*password)$/
const interfaces = /^(.*)\/routers\/([^/]+)\/(?:add|remove)_router_interface$/

/**
 * The query that shows whether a request was done: the object that it is about, or the list that would contain what
 * it makes.
 */
export function verificationOf(request: RequestFacts): string | undefined {
  if (isLogin(request)) return undefined
  const path = pathOf(request)
  const [, base, router] = interfaces.exec(path) ?? []
  if (router !== undefined) return `GET ${base}/ports?device_id=${router}`
  if (act.test(path)) return `GET ${path.replace(act, '')}`
  if (request.method !== 'POST') return `GET ${path}`
  const name = nameIn(request)
  const service = serviceOf(request)
  const query = listQuery({ name: service === 'compute' ? nameForNova(name) : name }, newest[service] ?? '')
  return `GET ${path}${query === '' ? '' : `?${query}`}`
}
