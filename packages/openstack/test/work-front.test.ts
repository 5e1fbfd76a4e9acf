import { isVendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { volumeDeleted } from '../src/work/index.ts'
import { after, failureOf, json, places, startCloud, v3 } from './working-cloud.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

/** A volume at rest, in a cloud behind a proxy that may not know the service for a while. */
async function withVolume() {
  const cloud = startCloud('volume')
  const work = await after(1, cloud.client.start(places.volumes, json({ volume: { name: 'data', size: 1 } })))
  const { id } = (await after(60, work.result)) as { id: string }
  const loseService = (seconds: number) => {
    cloud.service.faults.status(404, { method: 'GET', times: Number.POSITIVE_INFINITY })
    setTimeout(() => cloud.service.faults.clear(), seconds * 1_000)
  }
  return { ...cloud, id, at: `${places.volumes}/${id}`, loseService }
}

describe('a 404 of whatever stands in front of a service', () => {
  it('is no end of a deletion that was never heard of', async () => {
    const { client, service, at, id, loseService } = await withVolume()
    service.faults.drop({ method: 'DELETE', when: 'before' })
    loseService(600)
    const error = await failureOf(600, client.start(at, { method: 'DELETE', resilience: { retry: 0 } }))
    expect(isVendorError(error) && error.mayBeDone).toBe(true)
    expect(service.objects.has(id)).toBe(true)
  })

  it('is no end of a deletion under way', async () => {
    const { client, service, at, id, loseService } = await withVolume()
    const work = await after(1, client.start(at, { method: 'DELETE' }))
    work.on(() => {})
    loseService(600)
    expect(await failureOf(20, work.result)).toMatchObject({ code: 'HTTP_404', mayBeDone: true })
    expect(service.objects.has(id)).toBe(true)
    expect(work.state.status).toBe('lost')
  })

  it('shows no state that is waited for', async () => {
    const { client, id, loseService } = await withVolume()
    loseService(600)
    expect(await failureOf(600, client.until(volumeDeleted(id, v3)))).toMatchObject({ code: 'HTTP_404' })
  })
})

describe('an internal error of the service', () => {
  it('is no end of work: its database may be away for a minute', async () => {
    const { client, service } = startCloud('volume')
    const work = await after(1, client.start(places.volumes, json({ volume: { name: 'data', size: 1 } })))
    service.faults.fail('computeFault', { method: 'GET', times: Number.POSITIVE_INFINITY })
    setTimeout(() => service.faults.clear(), 60_000)
    expect(await after(200, work.result)).toMatchObject({ name: 'data', status: 'available' })
  })

  it('is no end of the search for a start that was answered so, though it was done', async () => {
    const { client, service } = startCloud('volume')
    service.faults.fail('computeFault', { method: 'POST', when: 'after' })
    service.faults.fail('computeFault', { method: 'GET', times: Number.POSITIVE_INFINITY })
    setTimeout(() => service.faults.clear(), 60_000)
    const work = await after(200, client.start(places.volumes, json({ volume: { name: 'data', size: 1 } })))
    expect(await after(60, work.result)).toMatchObject({ name: 'data', status: 'available' })
  })

  it('ends it after ten minutes in which nothing else is answered', async () => {
    const { client, service } = startCloud('volume', { breaker: false })
    const work = await after(1, client.start(places.volumes, json({ volume: { name: 'data', size: 1 } })))
    service.faults.fail('computeFault', { method: 'GET', times: Number.POSITIVE_INFINITY })
    expect(await failureOf(700, work.result)).toMatchObject({
      code: 'computeFault',
      outcome: 'unknown',
      mayBeDone: true,
    })
    expect(work.state.status).toBe('lost')
  })
})
