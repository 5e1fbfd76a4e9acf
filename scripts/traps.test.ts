import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { traps } from './traps/all.ts'
import { edited } from './traps/place.ts'

const root = resolve(import.meta.dirname, '..')

it.each(traps.map((trap) => [trap.name, trap] as const))('%s finds its place and changes it', (_, { edits }) => {
  expect(edits).not.toEqual([])
  for (const edit of edits) {
    const { path, text } = edited(root, edit)
    expect(text).not.toBe(readFileSync(join(root, path), 'utf8'))
  }
})
