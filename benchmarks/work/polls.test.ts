import { expect, test } from 'vitest'
import '../storm/virtual-time.ts'
import { measure } from './measure.ts'
import { rowsOf } from './rows.ts'
import { watchers } from './watchers.ts'

const ours = watchers.filter(({ goal }) => goal !== undefined)

test.each(ours)('what waiting costs grows with hosts and not with tasks: $name', async (watcher) => {
  for (const number of [1, 500]) {
    const missed = rowsOf(watcher, number, await measure(watcher, number)).filter(({ holds }) => holds === false)
    expect(missed).toEqual([])
  }
})

test('a loop for each task asks as many times as there are tasks', async () => {
  const loop = watchers.find(({ goal }) => goal === undefined)
  if (loop === undefined) throw new Error('There is none.')
  expect((await measure(loop, 200)).perSecond).toBeGreaterThan(8)
})
