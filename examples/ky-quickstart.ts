/**
 * The same with ky: its convenience, and retries that know what vSphere's errors mean.
 *
 *     node examples/ky-quickstart.ts
 */
import { resilient } from '@holdfast/core'
import { kyOptions } from '@holdfast/core/ky'
import { vsphere } from '@holdfast/vsphere'
import ky from 'ky'
import { endpoint } from './endpoint.ts'

interface Machine {
  readonly name: string
  readonly power_state: string
}

const { url, username, password, close } = await endpoint()
const client = resilient(fetch, { vendor: vsphere({ url, username, password }) })
const vcenter = ky.create({ ...kyOptions(client), baseUrl: `${url}/api/` })

try {
  const machines = await vcenter
    .get('vcenter/vm', { searchParams: { power_states: 'POWERED_ON' }, retry: { limit: 2 } })
    .json<Machine[]>()
  for (const { name, power_state } of machines) console.log(`${power_state}  ${name}`)
} finally {
  await client.close()
  await close()
}
