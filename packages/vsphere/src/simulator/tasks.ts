import { canceled, cannotCancel, notFound, tooManyProviders } from './problem.ts'
import { apiError, type Result } from './surface.ts'

/** The work of a task, done when its time has come. */
export interface TaskSpec {
  readonly service: string
  readonly operation: string
  readonly target: string
  readonly user: string
  /** True for work that may be cancelled. @default false */
  readonly cancelable?: boolean
  work(): Result
}

/** Long work that a caller polls. */
export interface Tasks {
  /** Accepts the work and returns the identifier of its task. */
  submit(spec: TaskSpec): Result
  get(id: string): Result
  /** Of those named, or of a service and a target; a thousand at most. */
  list(filter: TaskFilter): Result
  cancel(id: string): Result
  /** Forgets every task, as a restart does: the result of the work can no longer be read. */
  lose(): void
}

/** The tasks that a list must contain. */
export interface TaskFilter {
  readonly tasks: readonly string[]
  readonly services: readonly string[]
  /** Identifiers of objects. */
  readonly targets: readonly string[]
}

interface Task extends TaskSpec {
  readonly started: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  polls: number
  ended?: { readonly at: string; readonly result: Result }
}

/** Tasks of one list, at most. */
const MOST = 1_000

/** Tasks that are PENDING at the first poll, then RUNNING, and done at the poll with this number, or after some time. */
export function createTasks({ pollsUntilDone, taskTime }: TaskSettings): Tasks {
  const tasks = new Map<string, Task>()
  const now = () => new Date().toISOString()
  const shareOf = ({ polls, startedAt }: Task) =>
    taskTime === undefined ? polls / pollsUntilDone : (Date.now() - startedAt) / taskTime
  const ask = (task: Task) => {
    task.polls += 1
    if (shareOf(task) >= 1) task.ended ??= { at: now(), result: task.work() }
    return recordOf(task, shareOf(task))
  }
  const withTask = (id: string, use: (task: Task) => Result): Result => {
    const task = tasks.get(id)
    return task === undefined ? { problem: notFound('Task', id) } : use(task)
  }
  return {
    submit(spec) {
      const id = `${crypto.randomUUID()}:${spec.service}`
      tasks.set(id, { ...spec, started: now(), startedAt: Date.now(), polls: 0 })
      return { task: id }
    },
    get: (id) => withTask(id, (task) => ({ value: ask(task) })),
    list(filter) {
      const providers = new Set(filter.tasks.map((id) => id.slice(id.indexOf(':') + 1)))
      if (providers.size > 1 || (filter.tasks.length === 0 && filter.services.length === 0))
        return { problem: tooManyProviders }
      const found = [...tasks].filter(
        ([id, { service, target }]) =>
          has(filter.tasks, id) && has(filter.services, service) && has(filter.targets, target),
      )
      return { value: Object.fromEntries(found.slice(0, MOST).map(([id, task]) => [id, ask(task)])) }
    },
    cancel: (id) =>
      withTask(id, (task) => {
        if (!task.cancelable || task.ended !== undefined) return { problem: cannotCancel }
        task.ended = { at: now(), result: { problem: canceled } }
        return {}
      }),
    lose: () => tasks.clear(),
  }
}

/** Settings of tasks. */
export interface TaskSettings {
  readonly pollsUntilDone: number
  readonly taskTime: number | undefined
}

/** An empty filter matches everything. */
const has = (filter: readonly string[], value: string) => filter.length === 0 || filter.includes(value)

function recordOf(task: Task, share: number) {
  const common = {
    description: { id: task.operation, default_message: task.operation, args: [] },
    service: task.service,
    operation: task.operation,
    target: { type: 'VirtualMachine', id: task.target },
    user: task.user,
    cancelable: task.cancelable === true && task.ended === undefined,
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
    progress: progress(100 * Math.min(share, 0.99)),
  }
}

const progress = (completed: number) => ({
  total: 100,
  completed: Math.floor(completed),
  message: { id: 'com.vmware.vapi.task.progress', default_message: '', args: [] },
})
