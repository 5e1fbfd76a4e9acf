import { beforeEach, vi } from 'vitest'
import { type ResilientFetch, type ResilientOptions, resilient } from '../../src/index.ts'
import { Lodge } from './lodge-service.ts'
import { type LodgeRow, lodge } from './session-vendor.ts'

/** A lodge of its own for each test of a file, in fake time. */
export class Lodging {
  house = new Lodge()

  constructor(now?: Date) {
    beforeEach(() => {
      vi.useFakeTimers(now && { now })
      this.house = new Lodge()
    })
  }

  guest(options: ResilientOptions<LodgeRow> = {}): ResilientFetch<LodgeRow> {
    return resilient(this.house.fetch, { vendor: lodge(), ...options })
  }
}

export const many = <T>(number: number, make: (index: number) => T): T[] =>
  Array.from({ length: number }, (_, at) => make(at))
