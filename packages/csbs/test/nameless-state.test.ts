import { describe, expect, it } from 'vitest'
import { backupAvailable, backupDeleted } from '../src/work/index.ts'

const states = [backupAvailable, backupDeleted].flatMap((state) => [
  (id: string) => state(id, 'p-1'),
  (id: string) => state('b-1', id),
])

// Whatever has no name is not there, which would read as deleted.
describe.each(['', undefined, null, 7, { id: 'x' }])('the state of %j', (id) => {
  it.each(states)('is refused before anybody is asked: %#', (state) => {
    expect(() => state(id as string)).toThrow(/^An identifier must be a text that is not empty, got /)
  })
})
