import type { Database } from './database.ts'
import type { Settings } from './options.ts'
import { newRef, taskRecord } from './records.ts'
import { asFailure, Refusal, refuse } from './refusal.ts'
import { listOf, type Outcome } from './rpc.ts'
import { double, type Struct, type Value } from './value.ts'
import { xmlValue } from './write-xml.ts'

/** The work of a task, done when its time has come. */
export interface TaskSpec {
  readonly name: string
  /** Reference of the host that got the request. */
  readonly host: string
  /** Reference of its object; the record of a machine names its tasks. */
  readonly object: string
  work(): Value | Promise<Value>
}

/** Long work that a caller polls. */
export interface Tasks {
  /** Pending ones. */
  readonly pending: number
  /** Refuses with TOO_MANY_PENDING_TASKS if the limit is reached. */
  assertRoom(): void
  /** Accepts the work and returns the identifier of its task. */
  submit(spec: TaskSpec): string
  /** A poll: work goes on with each. */
  ask(task: string): Promise<void>
  askAll(): Promise<void>
  /** Ends a task that a caller made for a transfer of its own; does nothing if there is none. */
  end(task: string, outcome: Outcome): void
  cancel(task: string): void
  destroy(task: string): void
  /** Forgets every task, as a restart does: the result of the work can no longer be read. */
  lose(): void
}

interface Pending extends TaskSpec {
  polls: number
}

/** Tasks that are done after this number of polls, or after some time. */
export function createTasks(settings: Settings, database: Database): Tasks {
  const { pending, begin, leave, ask } = createPending(settings, database)
  const isFull = () => pending.size >= settings.maxPendingTasks
  const tooMany = new Refusal('TOO_MANY_PENDING_TASKS', [])
  return {
    get pending() {
      return pending.size
    },
    assertRoom() {
      if (isFull()) throw tooMany
    },
    submit(spec) {
      const task = newRef()
      database.add('task', task, taskRecord({ uuid: crypto.randomUUID(), ...spec }))
      // The caller gets a task nevertheless, and the task fails.
      if (isFull()) finish(database, task, fieldsOf({ failure: tooMany }))
      else begin(task, { ...spec, polls: 0 })
      return task
    },
    ask,
    async askAll() {
      for (const task of [...pending.keys()]) await ask(task)
    },
    end: (task, outcome) => finish(database, task, fieldsOf(outcome)),
    cancel(task) {
      if (!database.has('task', task)) refuse('HANDLE_INVALID', 'task', task)
      const spec = pending.get(task)
      if (spec === undefined || !leave(task, spec)) return
      const failure = { code: 'TASK_CANCELLED', params: [task] }
      finish(database, task, { ...fieldsOf({ failure }), status: 'cancelled' })
    },
    destroy(task) {
      pending.delete(task)
      database.remove('task', task)
    },
    lose() {
      pending.clear()
      for (const task of database.all('task').keys()) database.remove('task', task)
    },
  }
}

/** The tasks that are not done yet. */
function createPending({ pollsUntilDone, taskTime }: Settings, database: Database) {
  const pending = new Map<string, Pending>()

  /** The record of a machine names the tasks on it. */
  function name({ object }: TaskSpec, change: (tasks: Record<string, Value>) => void): void {
    if (!database.has('VM', object)) return
    const changed = { ...(database.get('VM', object).current_operations as Struct) }
    change(changed)
    database.change('VM', object, { current_operations: changed })
  }

  function leave(task: string, spec: TaskSpec): boolean {
    name(spec, (tasks) => delete tasks[task])
    return pending.delete(task)
  }

  async function run(task: string, spec: Pending): Promise<void> {
    leave(task, spec)
    finish(database, task, fieldsOf(await outcomeOf(spec.work)))
  }

  /** A tenth of the time has passed. */
  function tick(task: string, spec: Pending, tenths: number): void {
    if (pending.get(task) !== spec) return
    if (tenths === 10) return void run(task, spec)
    if (tenths > 0) database.change('task', task, { progress: double(tenths / 10) })
    setTimeout(() => tick(task, spec, tenths + 1), (taskTime ?? 0) / 10)
  }

  return {
    pending,
    leave,
    begin(task: string, spec: Pending): void {
      pending.set(task, spec)
      name(spec, (tasks) => {
        tasks[task] = spec.name.slice(spec.name.lastIndexOf('.') + 1)
      })
      if (taskTime !== undefined) tick(task, spec, 0)
    },
    async ask(task: string): Promise<void> {
      const spec = pending.get(task)
      if (spec === undefined || taskTime !== undefined) return
      spec.polls += 1
      if (spec.polls >= pollsUntilDone) return run(task, spec)
      database.change('task', task, { progress: double(spec.polls / pollsUntilDone) })
    },
  }
}

/** The task may have been forgotten while its work went on. */
function finish(database: Database, task: string, fields: Struct): void {
  if (database.has('task', task))
    database.change('task', task, { ...fields, finished: new Date(), progress: double(1) })
}

async function outcomeOf(work: TaskSpec['work']): Promise<Outcome> {
  try {
    return { value: await work() }
  } catch (error) {
    return { failure: asFailure(error) }
  }
}

/** A result is XML in every format. */
function fieldsOf(outcome: Outcome): Struct {
  if (outcome.failure !== undefined) return { status: 'failure', error_info: listOf(outcome.failure) }
  return { status: 'success', result: outcome.value === '' ? '' : xmlValue(outcome.value) }
}
