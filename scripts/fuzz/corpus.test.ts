import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpusFile, lineOf, readCorpus } from './corpus.ts'
import type { Target } from './target.ts'
import { targets } from './targets/all.ts'

const MOST_BYTES = 220_000
const files = globSync(join(import.meta.dirname, 'corpus/*'))

/** The word for what came of an input, or what was thrown. */
async function resultOf(target: Target, input: Uint8Array): Promise<unknown> {
  try {
    return await target.run(input)
  } catch (error) {
    return error
  }
}

describe.each(targets)('$name', (target) => {
  it('stands every input of its corpus, and those to begin with', async () => {
    const inputs = [...readCorpus(target.name), ...target.seeds.map((seed) => Buffer.from(seed))]
    for (const input of inputs) {
      const result = await resultOf(target, input)
      expect(result, lineOf(input)).toBeTypeOf('string')
    }
  })
})

it.each(targets)('$name covers files that there are: without them no input is worth keeping', ({ covers }) => {
  const sources = globSync('packages/*/src/**/*.ts', { cwd: join(import.meta.dirname, '../..') })
  expect(sources.filter((file) => covers.test(file.replaceAll('\\', '/')))).not.toEqual([])
})

describe('the corpus', () => {
  it('has a file for each target, and no other', () => {
    const names = targets.map(({ name }) => basename(corpusFile(name)))
    expect(files.map((file) => basename(file)).toSorted()).toEqual(names.toSorted())
  })

  it('holds each input once, in a fixed order', () => {
    for (const { name } of targets) {
      const lines = readCorpus(name).map(lineOf)
      expect([...new Set(lines)].toSorted(), name).toEqual(lines)
    }
  })

  it('is small', () => {
    const bytes = files.reduce((sum, file) => sum + readFileSync(file).length, 0)
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES)
  })
})
