import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Figure } from './figure.ts'
import { measure } from './measure.ts'
import { budgeted } from './parts/index.ts'

const budget = JSON.parse(readFileSync(new URL('./budget.json', import.meta.url), 'utf8')) as Record<string, number>

// Bytes, promises and timers: none of them depends on how busy the machine is. Bytes depend on what V8 has put together when
// it compiled, so they have a quarter of room; a promise more, or a timer, is beyond the budget.
it('a call stays within its budget', async () => {
  const figures: Figure[] = []
  for (const part of budgeted) figures.push(...(await measure(part, part.rounds.quick)))
  const names = figures.map(({ name }) => name)
  expect(Object.keys(budget).toSorted()).toEqual(names.toSorted())
  const beyond = figures.filter(({ name, value }) => value > (budget[name] ?? 0))
  expect(beyond, 'Beyond the budget. Who means it changes benchmarks/overhead/budget.json.').toEqual([])
})
