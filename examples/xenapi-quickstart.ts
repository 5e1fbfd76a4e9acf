/**
 * Lists the machines of a XenServer or XCP-ng pool, each call by its name.
 *
 *     node examples/xenapi-quickstart.ts
 *     XENAPI_URL=https://xen.example XENAPI_USERNAME=… XENAPI_PASSWORD=… node examples/xenapi-quickstart.ts
 */
import { isVendorError } from '@holdfast/core'
import { createXenApi } from '@holdfast/xenapi/client'
import { poolEndpoint } from './endpoint.ts'

interface Machine {
  readonly name_label: string
  readonly power_state: string
  readonly is_a_template: boolean
}

const { url, username, password, close } = await poolEndpoint()
const pool = createXenApi({ url, username, password })

try {
  // No session to carry along: the first call logs in, and a session that is lost is renewed.
  const machines = await pool.call<Record<string, Machine>>('VM.get_all_records')
  for (const { name_label, power_state, is_a_template } of Object.values(machines)) {
    if (!is_a_template) console.log(`${power_state.padEnd(9)}  ${name_label}`)
  }

  // The failure comes with status 200. It is found all the same, is not tried again, and says why.
  await pool.call('VM.get_record', 'OpaqueRef:no-such-machine')
} catch (error) {
  if (!isVendorError(error, 'xenapi')) throw error
  console.log(`${error.code} (${error.kind}): ${error.hint}`)
} finally {
  // Logs out.
  await pool.close()
  await close()
}
