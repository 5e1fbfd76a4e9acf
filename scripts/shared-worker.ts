import { afterAll, expect } from 'vitest'

/** Globals that a file of tests could leave changed for all after it in the worker. */
const names = ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Date', 'Request', 'Response']
const now = () =>
  Object.fromEntries([
    ...names.map((name) => [name, Reflect.get(globalThis, name)]),
    ['now', performance.now],
    ['random', Math.random],
  ])

const key = Symbol.for('holdfast.globals')
const before: unknown = Reflect.get(globalThis, key) ?? now()
Reflect.set(globalThis, key, before)

afterAll(() => {
  expect(now(), 'a file of tests that shares its worker leaves the globals as they were: see own-worker.ts').toEqual(
    before,
  )
})
