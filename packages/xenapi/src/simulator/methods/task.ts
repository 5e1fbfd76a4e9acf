import { newRef, taskRecord } from '../records.ts'
import type { State } from '../state.ts'
import { type Methods, text } from './method.ts'

/** Methods about tasks; a poll is a getter like any other. */
export function taskMethods({ tasks, database }: State): Methods {
  return {
    'task.create': {
      takes: [2, 2],
      run(asked) {
        const task = newRef()
        const name = text(asked, 0, 'label')
        database.add('task', task, taskRecord({ uuid: crypto.randomUUID(), name, host: asked.host.ref }))
        return task
      },
    },
    'task.cancel': {
      takes: [1, 1],
      run(asked) {
        const task = text(asked, 0, 'task')
        tasks.cancel(task)
        asked.done('task.cancel', task)
        return ''
      },
    },
    'task.destroy': {
      takes: [1, 1],
      run(asked) {
        const task = text(asked, 0, 'self')
        tasks.destroy(task)
        asked.done('task.destroy', task)
        return ''
      },
    },
  }
}
