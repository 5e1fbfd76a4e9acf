/** A volume of a cloud is made, or deleted, and waited for: a token that ends or a Cinder that is down changes nothing. */
import type { WorkingFetch } from '@holdfast/core/work'
import type { OpenstackRow } from '@holdfast/openstack'

/** Makes a volume and returns its identifier. The client is made with `withWork(resilient(…), openstackWork)`. */
export async function createVolume(
  volumes: WorkingFetch<OpenstackRow>,
  url: string,
  name: string,
  size: number,
): Promise<string> {
  const body = JSON.stringify({ volume: { name, size } })
  const headers = { 'content-type': 'application/json' }
  const work = await volumes.start<{ id: string }>(`${url}/volumes`, { method: 'POST', headers, body })
  return (await work.result).id
}

/** Deletes a volume, and waits until the service does not know it any more. */
export async function deleteVolume(volumes: WorkingFetch<OpenstackRow>, url: string, id: string): Promise<void> {
  const work = await volumes.start(`${url}/volumes/${id}`, { method: 'DELETE' })
  await work.result
}
