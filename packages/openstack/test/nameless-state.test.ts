import { describe, expect, it } from 'vitest'
import {
  imageActive,
  loadBalancerActive,
  loadBalancerDeleted,
  serverActive,
  serverDeleted,
  volumeAvailable,
  volumeDeleted,
} from '../src/work/index.ts'

const states = [
  imageActive,
  loadBalancerActive,
  loadBalancerDeleted,
  serverActive,
  serverDeleted,
  volumeAvailable,
  volumeDeleted,
].map((state) => (id: string) => state(id, 'https://cloud.example/v3/p-1'))

// Whatever has no name is not there, which would read as deleted.
describe.each(['', undefined, null, 7, { id: 'x' }])('the state of %j', (id) => {
  it.each(states)('is refused before anybody is asked: %#', (state) => {
    expect(() => state(id as string)).toThrow(/^An identifier must be a text that is not empty, got /)
  })
})
