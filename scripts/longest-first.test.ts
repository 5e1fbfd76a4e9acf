import { join } from 'node:path'
import { expect, it } from 'vitest'
import { limitOf, longest, longestFirst } from './longest-first.ts'
import { testFiles } from './own-worker.ts'

const root = join(import.meta.dirname, '..')

it('names files that there are', () => {
  expect(testFiles(root)).toEqual(expect.arrayContaining([...longest]))
})

it('begins with those that have a worker of their own, and with the longest of each', () => {
  const of = (name: string, isolate: boolean) => ({ moduleId: join(root, name), project: { config: { isolate } } })
  const [own = '', long = '', longer = ''] = [longest[1], longest[9], longest[6]]
  const files = [of('a.test.ts', false), of(long, false), of(longer, false), of('b.test.ts', true), of(own, true)]
  expect(longestFirst(files).map(({ moduleId }) => moduleId)).toEqual(
    [own, 'b.test.ts', longer, long, 'a.test.ts'].map((name) => join(root, name)),
  )
})

it('lets tests of the longest take five minutes, and those of others one', () => {
  expect(limitOf(join(root, longest.at(-1) ?? ''))).toBe(300_000)
  expect(limitOf(join(root, 'packages/core/test/retry.test.ts'))).toBe(60_000)
})
