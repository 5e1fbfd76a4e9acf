import { notFound } from './problem.ts'
import { apiError, type Result } from './surface.ts'

/** The work of a task, done when its time has come. */
export interface TaskSpec {
  readonly service: string
  readonly operation: string
  readonly target: string
  readonly user: string
  work(): Result
}

/** Long work that a caller asks after. */
export interface Tasks {
  /** Takes the work on and names the task. */
  submit(spec: TaskSpec): Result
  get(id: string): Result
  /** Forgets every task, as a restart does: what became of the work, nobody can say. */
  lose(): void
}

interface Task extends TaskSpec {
  readonly started: string
  polls: number
  ended?: { readonly at: string; readonly result: Result }
}

/** Tasks that are PENDING when first asked after, then RUNNING, and done at the poll with this number. */
export function createTasks(pollsUntilDone: number): Tasks {
  const tasks = new Map<string, Task>()
  const now = () => new Date().toISOString()
  return {
    submit(spec) {
      const id = `${crypto.randomUUID()}:${spec.service}`
      tasks.set(id, { ...spec, started: now(), polls: 0 })
      return { task: id }
    },
    get(id) {
      const task = tasks.get(id)
      if (task === undefined) return { problem: notFound('Task', id) }
      task.polls += 1
      if (task.polls >= pollsUntilDone) task.ended ??= { at: now(), result: task.work() }
      return { value: recordOf(task, pollsUntilDone) }
    },
    lose: () => tasks.clear(),
  }
}

function recordOf(task: Task, pollsUntilDone: number) {
  const common = {
    description: { id: task.operation, default_message: task.operation, args: [] },
    service: task.service,
    operation: task.operation,
    target: { type: 'VirtualMachine', id: task.target },
    user: task.user,
    cancelable: false,
  }
  if (task.ended !== undefined) {
    const { at, result } = task.ended
    const times = { start_time: task.started, end_time: at }
    return result.problem !== undefined
      ? { ...common, ...times, status: 'FAILED', error: apiError(result.problem) }
      : {
          ...common,
          ...times,
          status: 'SUCCEEDED',
          progress: progress(100),
          ...(result.value !== undefined && { result: result.value }),
        }
  }
  if (task.polls === 1) return { ...common, status: 'PENDING' }
  return {
    ...common,
    status: 'RUNNING',
    start_time: task.started,
    progress: progress((100 * task.polls) / pollsUntilDone),
  }
}

const progress = (completed: number) => ({
  total: 100,
  completed: Math.floor(completed),
  message: { id: 'com.vmware.vapi.task.progress', default_message: '', args: [] },
})
