import { isVendorError } from '@holdfast/core'
import { beforeEach, expect, it, vi } from 'vitest'
import { after, json, places, startCloud } from './working-cloud.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05.678Z') }))

const volume = json({ volume: { name: 'data', size: 1 } })

/** The identifiers of the works that were begun; `lost` for a start that may be done. */
const idsOf = (started: readonly PromiseSettledResult<{ readonly id: string }>[]) =>
  started.map((one) => {
    if (one.status === 'fulfilled') return one.value.id
    expect(isVendorError(one.reason) && one.reason.mayBeDone).toBe(true)
    return 'lost'
  })

type Cloud = ReturnType<typeof startCloud>

it.each<[string, (cloud: Cloud) => Promise<unknown>]>([
  ['was answered meanwhile', ({ client }) => client.start(places.volumes, volume)],
  [
    'is answered late',
    async ({ client, service }) => {
      service.faults.late(6_000, { method: 'POST', when: 'after' })
      return client.start(places.volumes, volume)
    },
  ],
])('a start that was never done does not take the volume of one of the same name that %s', async (_, other) => {
  const cloud = startCloud('volume')
  cloud.service.faults.drop({ method: 'POST', when: 'before' })
  const lost = cloud.client.start(places.volumes, volume)
  const started = await after(400, Promise.allSettled([lost, other(cloud) as typeof lost]))
  expect(cloud.service.objects.size).toBe(1)
  expect(idsOf(started)).toEqual(['lost', [...cloud.service.objects.keys()][0]])
})

it('a start that was never done does not take the volume of one of the same name just before', async () => {
  const { client, service } = startCloud('volume')
  const before = await after(0.5, client.start(places.volumes, volume))
  service.faults.drop({ method: 'POST', when: 'before' })
  const started = await after(400, Promise.allSettled([client.start(places.volumes, volume)]))
  expect(idsOf(started)).toEqual(['lost'])
  expect(service.objects.has(before.id)).toBe(true)
})

it('of two starts of one name without an answer, one at most takes the one volume that was made', async () => {
  const { client, service } = startCloud('volume')
  service.faults.drop({ method: 'POST', when: 'before' })
  service.faults.drop({ method: 'POST', when: 'after' })
  const both = [client.start(places.volumes, volume), client.start(places.volumes, volume)]
  const ids = idsOf(await after(400, Promise.allSettled(both)))
  expect(service.objects.size).toBe(1)
  expect(ids.toSorted()).toEqual([[...service.objects.keys()][0], 'lost'].toSorted())
})

it('of one name, a start without an answer still takes the volume that only it can have made', async () => {
  const { client, service } = startCloud('volume')
  const first = await after(0.5, client.start(places.volumes, volume))
  service.faults.drop({ method: 'POST', when: 'after' })
  const second = await after(60, client.start(places.volumes, volume))
  expect([...service.objects.keys()].toSorted()).toEqual([first.id, second.id].toSorted())
})

it('two deletions of one volume are both done where the answer to one was lost', async () => {
  const { client, service } = startCloud('volume')
  const { id } = await after(40, client.start(places.volumes, volume))
  service.faults.drop({ method: 'DELETE', when: 'after' })
  const init = { method: 'DELETE', resilience: { retry: 0 } }
  const both = [client.start(`${places.volumes}/${id}`, init), client.start(`${places.volumes}/${id}`, init)]
  const works = await after(30, Promise.all(both))
  await after(60, Promise.all(works.map(({ result }) => result)))
  expect(service.objects.has(id)).toBe(false)
})
