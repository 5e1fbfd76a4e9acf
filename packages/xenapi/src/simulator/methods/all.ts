import type { State } from '../state.ts'
import { eventMethods } from './event.ts'
import { getters } from './getters.ts'
import { hostMethods } from './host.ts'
import type { Method } from './method.ts'
import { sessionMethods } from './session.ts'
import { setters } from './setters.ts'
import { taskMethods } from './task.ts'
import { vmMethods } from './vm.ts'

/** Every method, by name. */
export function methodsOf(state: State): ReadonlyMap<string, Method> {
  const methods = new Map<string, Method>(
    [getters, setters, sessionMethods, hostMethods, vmMethods, taskMethods, eventMethods].flatMap((make) =>
      Object.entries(make(state)),
    ),
  )
  const names = [...methods].flatMap(([name, { async }]) => (async ? [name, `Async.${name}`] : [name]))
  methods.set('system.listMethods', {
    takes: [0, 0],
    session: 'none',
    run: () => [...names, 'system.listMethods'].sort(),
  })
  return methods
}
