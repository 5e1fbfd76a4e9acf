import { noRoute } from './problem.ts'
import type { VCenterState } from './state.ts'
import type { Result, Surface } from './surface.ts'
import type { TaskSpec } from './tasks.ts'

/** A request as an operation sees it. */
export interface Asked {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: Headers
  /** Parsed JSON; `undefined` without a body. */
  readonly body: unknown
  readonly token: string | null
}

/** One operation of the API, at one method and path. */
export interface Operation {
  readonly surface: Surface
  /** Absent for any. */
  readonly method?: string
  readonly path: string
  /** True if no session is needed. */
  readonly open?: true
  run(asked: Asked): Result
}

/** Every operation, the specific before the general. */
export function operationsOf(state: VCenterState): readonly Operation[] {
  return [
    ...sessionOperations(state),
    ...machineOperations(state),
    ...taskOperations(state),
    ...taggingOperations(state),
    ...unknownOperations,
  ]
}

const restSession = '/rest/com/vmware/cis/session'

function sessionOperations({ sessions }: VCenterState): Operation[] {
  const login = ({ headers }: Asked) => sessions.open(headers.get('authorization'))
  const about = ({ token }: Asked) => sessions.about(token)
  const logout = ({ token }: Asked) => sessions.close(token)
  return [
    { surface: 'api', method: 'POST', path: '/api/session', open: true, run: login },
    { surface: 'api', method: 'GET', path: '/api/session', run: about },
    { surface: 'api', method: 'DELETE', path: '/api/session', run: logout },
    { surface: 'rest', method: 'POST', path: `${restSession}?~action=get`, run: about },
    { surface: 'rest', method: 'POST', path: restSession, open: true, run: (asked) => withCookie(login(asked), asked) },
    { surface: 'rest', method: 'DELETE', path: restSession, run: logout },
  ]
}

/** Without `vmware-use-header-authn`, `/rest` hands the session out as a cookie, too. */
function withCookie(result: Result, { headers }: Asked): Result {
  if (result.problem !== undefined || headers.get('vmware-use-header-authn') === 'true') return result
  return { ...result, headers: { 'set-cookie': `vmware-api-session-id=${result.value}; Path=/rest` } }
}

function machineOperations({ machines, tasks, username }: VCenterState): Operation[] {
  const id = ({ params }: Asked) => params.vm ?? ''
  const run = (asked: Asked, spec: Omit<TaskSpec, 'user'>) =>
    asked.query.get('vmw-task') === 'true' ? tasks.submit({ ...spec, user: username }) : spec.work()
  const change = (asked: Asked, action: string) =>
    run(asked, {
      service: 'com.vmware.vcenter.vm.power',
      operation: `${action}$task`,
      target: id(asked),
      work: () => machines.change(id(asked), action),
    })
  const clone = (asked: Asked) => {
    const { source, name } = asked.body as { readonly source: string; readonly name: string }
    const work = () => machines.clone(source, name)
    return run(asked, {
      service: 'com.vmware.vcenter.VM',
      operation: 'clone$task',
      target: source,
      cancelable: true,
      work,
    })
  }
  const onBoth = (method: string, tail: string, run: Operation['run']): Operation[] => [
    { surface: 'api', method, path: `/api/vcenter/vm${tail}`, run },
    { surface: 'rest', method, path: `/rest/vcenter/vm${tail}`, run },
  ]
  return [
    ...onBoth('GET', '', ({ query }) => machines.list(filterOf(query))),
    { surface: 'api', method: 'POST', path: '/api/vcenter/vm', run: clone },
    ...onBoth('GET', '/:vm', (asked) => machines.get(id(asked))),
    ...onBoth('DELETE', '/:vm', (asked) => machines.remove(id(asked))),
    ...onBoth('GET', '/:vm/power', (asked) => machines.power(id(asked))),
    {
      surface: 'api',
      method: 'POST',
      path: '/api/vcenter/vm/:vm/power',
      run: (asked) => change(asked, asked.query.get('action') ?? ''),
    },
    {
      surface: 'rest',
      method: 'POST',
      path: '/rest/vcenter/vm/:vm/power/:action',
      run: (asked) => change(asked, asked.params.action ?? ''),
    },
  ]
}

function taskOperations({ tasks }: VCenterState): Operation[] {
  const api = '/api/cis/tasks'
  const id = ({ params }: Asked) => params.task ?? ''
  return [
    { surface: 'api', method: 'POST', path: api, run: ({ body }) => tasks.list(taskFilterOf(body)) },
    { surface: 'api', method: 'GET', path: `${api}/:task`, run: (asked) => tasks.get(id(asked)) },
    { surface: 'api', method: 'POST', path: `${api}/:task`, run: (asked) => tasks.cancel(id(asked)) },
  ]
}

function taskFilterOf(body: unknown) {
  const { filter_spec: spec } = (body ?? {}) as { readonly filter_spec?: Readonly<Record<string, unknown>> }
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  const targets = Array.isArray(spec?.targets) ? spec.targets.map(({ id }) => id) : []
  return { tasks: texts(spec?.tasks), services: texts(spec?.services), targets: texts(targets) }
}

/** `/api` repeats a name, `/rest` numbers it: `names=a&names=b`, `filter.names.1=a&filter.names.2=b`. */
function filterOf(query: URLSearchParams) {
  const all = (name: string) =>
    [...query].filter(([key]) => key === name || key.startsWith(`filter.${name}.`)).map(([, value]) => value)
  return { names: all('names'), powerStates: all('power_states') }
}

function taggingOperations({ categories, tags }: VCenterState): Operation[] {
  const id = ({ params }: Asked) => params.category ?? ''
  const api = '/api/cis/tagging/category'
  const rest = '/rest/com/vmware/cis/tagging/category'
  return [
    {
      surface: 'api',
      method: 'POST',
      path: '/api/cis/tagging/tag-association/:tag',
      run: ({ params, body }) => tags.attach(params.tag ?? '', body),
    },
    { surface: 'api', method: 'POST', path: api, run: ({ body }) => categories.create(body) },
    { surface: 'rest', method: 'POST', path: rest, run: ({ body }) => categories.create(specIn(body)) },
    { surface: 'api', method: 'GET', path: api, run: categories.list },
    { surface: 'rest', method: 'GET', path: rest, run: categories.list },
    { surface: 'api', method: 'GET', path: `${api}/:category`, run: (asked) => categories.get(id(asked)) },
    { surface: 'rest', method: 'GET', path: `${rest}/id\\::category`, run: (asked) => categories.get(id(asked)) },
    { surface: 'api', method: 'DELETE', path: `${api}/:category`, run: (asked) => categories.remove(id(asked)) },
    { surface: 'rest', method: 'DELETE', path: `${rest}/id\\::category`, run: (asked) => categories.remove(id(asked)) },
  ]
}

const specIn = (body: unknown) =>
  typeof body === 'object' && body !== null && 'create_spec' in body ? body.create_spec : undefined

const unknownOperations: readonly Operation[] = [
  { surface: 'api', path: '/api/*', run: () => ({ problem: noRoute('api') }) },
  { surface: 'rest', path: '/rest/*', run: () => ({ problem: noRoute('rest') }) },
]
