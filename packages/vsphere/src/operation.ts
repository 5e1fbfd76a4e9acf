import { methodName, pathTemplates, type RequestFacts } from '@holdfast/core/plugin'
import { actions, paths } from './path-names.ts'
import { actionOf } from './requests.ts'
import { knownMethodOf } from './web-services.ts'

/**
 * The operation of a request: its method, the template of its path, and the action in its query (`POST
 * /api/vcenter/vm/{vm}/power?action=start`). A path or an action that is not known, such as one of a newer version, is `{path}` or
 * `{action}`. A call of the Web Services API is named by its method (`PowerOnVM_Task`), in SOAP and in JSON alike.
 */
export const operation = (request: RequestFacts): string =>
  knownMethodOf(request) ?? `${methodName(request.method)} ${templateOf(request.path)}${queryOf(request)}`

const below = pathTemplates(paths)
const webServices = pathTemplates(
  'sdk(vim25({version}({type}({object}({method})))) vimService) eam(sdk) lookupservice(sdk) pbm(sdk) sms(sdk) sso-adminserver(sdk({domain})) sts(STSService({domain})) vsanHealth vslm(sdk)',
)
let known: ReadonlySet<string> | undefined

/** A path with a name in place of each identifier. */
export function templateOf(path: string): string {
  if (path === '/api') return path
  if (path.startsWith('/api/')) return `/api${below(path.slice('/api'.length))}`
  const [, beginning, rest] = /^(\/rest(?:\/com\/vmware)?)(\/.*)$/.exec(path) ?? []
  // Under `/rest` an identifier may be marked as one: `/library/id:8e3f…`.
  if (beginning !== undefined && rest !== undefined) return beginning + below(rest.replaceAll('/id:', '/'))
  return webServices(path)
}

function queryOf(request: RequestFacts): string {
  const named = actionOf(request)
  if (named === undefined) return ''
  known ??= new Set(actions.trim().split(/\s+/))
  const name = request.path.startsWith('/rest/') ? '~action' : 'action'
  return `?${name}=${known.has(named) ? named : '{action}'}`
}
