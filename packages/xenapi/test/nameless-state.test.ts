import { describe, expect, it } from 'vitest'
import { deleted, hostEnabled, poweredOff, poweredOn, suspended } from '../src/work/index.ts'

const states = [deleted, hostEnabled, poweredOff, poweredOn, suspended].map((state) => (id: string) => state(id))

// Whatever has no name is not there, which would read as deleted.
describe.each(['', undefined, null, 7, { id: 'x' }])('the state of %j', (id) => {
  it.each(states)('is refused before anybody is asked: %#', (state) => {
    expect(() => state(id as string)).toThrow(/^An identifier must be a text that is not empty, got /)
  })
})
