import { now } from '../../storm/model/clock.ts'
import { answer, type Host, shareOf, type Task, tasksOf } from './host.ts'

interface Call {
  readonly method: string
  readonly params: readonly unknown[]
}

/** A XAPI master with a session and tasks, which reports those that have ended. */
export function xenapiHost(number: number, ms: number): Host {
  const url = 'https://xen.example'
  const tasks = tasksOf(number, ms, (at) => `OpaqueRef:task-${at}`)
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const ends = tasks.toSorted((one, other) => one.endsAt - other.endsAt)
  let polls = 0

  /** Answers when the next task ends, or the caller's time is over. */
  function events([, , token, seconds]: readonly unknown[], signal: AbortSignal | null | undefined) {
    const since = Number(token)
    const next = token === '' ? 0 : (ends.find(({ endsAt }) => endsAt > since)?.endsAt ?? Number.POSITIVE_INFINITY)
    const wait = Math.max(0, Math.min(next - now(), 1_000 * Number(seconds)))
    return answer(signal, wait, () => {
      const until = now()
      const changed = ends.filter(({ endsAt }) => token === '' || (endsAt > since && endsAt <= until))
      return resultOf({
        token: String(until),
        events: changed.map((task) => ({ class: 'task', operation: 'mod', ref: task.id, snapshot: recordOf(task) })),
        valid_ref_counts: {},
      })
    })
  }

  return {
    url,
    tasks,
    get polls() {
      return polls
    },
    async fetch(_, init) {
      const { method, params } = JSON.parse(String(init?.body)) as Call
      if (method.startsWith('session.')) return Response.json(resultOf('OpaqueRef:session'))
      // The deletion of a task is no poll.
      if (method === 'task.destroy') return Response.json(resultOf(''))
      polls++
      if (method === 'event.from') return events(params, init?.signal)
      const task = byId.get(String(params[1]))
      return answer(init?.signal, 0, () =>
        resultOf(
          task === undefined ? Object.fromEntries(tasks.map((each) => [each.id, recordOf(each)])) : recordOf(task),
        ),
      )
    },
  }
}

const resultOf = (result: unknown) => ({ jsonrpc: '2.0', result, id: 0 })

function recordOf(task: Task) {
  const share = shareOf(task)
  return {
    status: share === 1 ? 'success' : 'pending',
    progress: Math.floor(100 * share) / 100,
    result: '',
    error_info: [],
  }
}
