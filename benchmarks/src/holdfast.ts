import { resilient } from '@holdfast/core'
import { kyOptions } from '@holdfast/core/ky'
import { vsphere } from '@holdfast/vsphere'
import ky from 'ky'
import type { Contender, Fetch } from './contenders.ts'

/** The client of this repository: its defaults, and the settings that change the cost of a successful call. */
export async function holdfasts(fetch: Fetch, url: string): Promise<Contender[]> {
  const defaults = resilient(fetch)
  const unlimited = resilient(fetch, { timeout: false, totalTimeout: false })
  const vendor = vsphere({ url: new URL(url).origin, username: 'reader', password: 'secret' })
  const vcenter = resilient(fetch, { vendor })
  const underKy = resilient(fetch)
  const client = ky.create(kyOptions(underKy))
  // The login happens here: what is measured is a call with a live session.
  await vcenter(url)
  return [
    { name: 'holdfast', get: () => defaults(url), close: () => defaults.close() },
    { name: 'holdfast, no time limits', get: () => unlimited(url), close: () => unlimited.close() },
    { name: 'holdfast, vSphere session', get: () => vcenter(url), close: () => vcenter.close() },
    { name: 'holdfast under ky', get: () => client.get(url), close: () => underKy.close() },
  ]
}
