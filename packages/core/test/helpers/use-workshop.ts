import { beforeEach, vi } from 'vitest'
import { type ResilienceEvent, type ResilientOptions, resilient } from '../../src/index.ts'
import type { VendorWork } from '../../src/plugin.ts'
import { withWork } from '../../src/work/index.ts'
import { Workshop, workshop, workshopOrigin, workshopWork } from './workshop.ts'

export const walls = `${workshopOrigin}/walls`
export const post = { method: 'POST' }

/** A workshop in fake time for each test of a file, and clients of it whose events are kept. */
export function useWorkshop() {
  const shop = new Workshop()
  const events: ResilienceEvent[] = []
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    shop.reset()
    events.length = 0
  })
  const clientOf = (options: ResilientOptions = {}, knowledge: VendorWork = workshopWork) => {
    const observers = [(event: ResilienceEvent) => void events.push(event)]
    return withWork(resilient(shop.fetch, { vendor: workshop(), observers, ...options }), knowledge)
  }
  /** Changes a job after some time. */
  const later = (ms: number, change: object, id = 'job-1') =>
    setTimeout(() => Object.assign(shop.jobs.get(id) ?? {}, change), ms)
  return { shop, events, clientOf, later }
}
