/**
 * Lists the machines of a vCenter: wrap fetch once, then call it as ever.
 *
 *     node examples/vsphere-quickstart.ts
 *     VSPHERE_URL=https://vcenter.example VSPHERE_USERNAME=… VSPHERE_PASSWORD=… node examples/vsphere-quickstart.ts
 */
import { isVendorError, resilient } from '@holdfast/core'
import { vsphere } from '@holdfast/vsphere'
import { endpoint } from './endpoint.ts'

interface Machine {
  readonly vm: string
  readonly name: string
  readonly power_state: string
}

const { url, username, password, close } = await endpoint()
const vcenter = resilient(fetch, { vendor: vsphere({ url, username, password }) })

try {
  // No login to write: the first call logs in, and a session that has expired is renewed.
  const reply = await vcenter(`${url}/api/vcenter/vm`)
  const machines = (await reply.json()) as Machine[]
  for (const { vm, name, power_state } of machines) console.log(`${vm}  ${power_state.padEnd(11)}  ${name}`)

  // What cannot succeed is not tried again, and says why.
  await vcenter(`${url}/api/vcenter/vm/no-such-machine`)
} catch (error) {
  if (!isVendorError(error, 'vsphere')) throw error
  console.log(`${error.code} (${error.kind}): ${error.hint}`)
} finally {
  // Logs out.
  await vcenter.close()
  await close()
}
