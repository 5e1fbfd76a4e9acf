import { answer, type Host, shareOf, type Task, tasksOf } from './host.ts'

/** A vCenter with a session and tasks, in the format of `cis/tasks`. */
export function vsphereHost(number: number, ms: number): Host {
  const url = 'https://vc.example'
  const tasks = tasksOf(number, ms, (at) => `task-${at}:com.vmware.vcenter.VM`)
  const byId = new Map(tasks.map((task) => [task.id, task]))
  let polls = 0
  return {
    url,
    tasks,
    get polls() {
      return polls
    },
    async fetch(input, init) {
      const { pathname } = new URL(String(input))
      if (pathname === '/api/session') return Response.json('session', { status: 201 })
      polls++
      if (init?.method !== 'POST') {
        const task = byId.get(decodeURIComponent(pathname.slice('/api/cis/tasks/'.length)))
        return answer(init?.signal, 0, () => task && recordOf(task))
      }
      const { filter_spec: spec } = JSON.parse(String(init.body)) as { filter_spec: { tasks: readonly string[] } }
      return answer(init.signal, 0, () =>
        Object.fromEntries(
          spec.tasks.flatMap((id) => {
            const task = byId.get(id)
            return task === undefined ? [] : [[id, recordOf(task)]]
          }),
        ),
      )
    },
  }
}

function recordOf(task: Task) {
  const share = shareOf(task)
  const progress = { total: 100, completed: Math.floor(100 * share) }
  return { status: share === 1 ? 'SUCCEEDED' : 'RUNNING', progress }
}
