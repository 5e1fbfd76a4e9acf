import { get as nodeGet } from 'node:http'
import { type RunningServer, serve } from '@holdfast/testing'
import { describe, expect, it } from 'vitest'
import { vcenter } from '../src/simulator/index.ts'

const causeOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  return ((error as Error).cause as { code?: string }).code
}

describe('the simulated vCenter on a socket', () => {
  const login = async ({ url }: RunningServer) => {
    const authorization = `Basic ${btoa('administrator@vsphere.local:secret')}`
    return (await (await fetch(`${url}/api/session`, { method: 'POST', headers: { authorization } })).json()) as string
  }

  it('does the work and then drops the connection', async () => {
    const vc = vcenter()
    await using server = await serve(vc.handlers)
    const headers = { 'vmware-api-session-id': await login(server) }
    vc.faults.drop({ when: 'after' })
    const start = fetch(`${server.url}/api/vcenter/vm/vm-2/power?action=start`, { method: 'POST', headers })
    expect(await causeOf(start)).toMatch(/UND_ERR_SOCKET|ECONNRESET/)
    expect(vc.executed).toMatchObject([{ action: 'vm.start', target: 'vm-2' }])
  })

  it('serves clients that are no fetch', async () => {
    await using server = await serve(vcenter().handlers)
    const status = await new Promise((resolve) =>
      nodeGet(`${server.url}/api/vcenter/vm`, ({ statusCode }) => resolve(statusCode)),
    )
    expect(status).toBe(401)
  })
})
