import { type SetupServer, setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type VCenter, type VcenterSimulatorOptions, vcenter } from '../src/simulator/index.ts'

/** The origin that the tests send requests to; any origin would do. */
export const url = 'https://vc.example'

export const basic = (password = 'secret') => ({
  authorization: `Basic ${btoa(`administrator@vsphere.local:${password}`)}`,
})

/** A mock in place of the network for all tests of a file; its handlers are removed after each test. */
export function useServer(): SetupServer {
  const server = setupServer()
  beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
  afterEach(() => server.resetHandlers())
  afterAll(() => server.close())
  return server
}

/** Puts a simulated vCenter under this test file, a new one for each call. */
export function simulate(): (options?: VcenterSimulatorOptions) => VCenter {
  const server = useServer()
  return (options) => {
    const vc = vcenter(options)
    server.use(...vc.handlers)
    return vc
  }
}

/** Logs in and sends requests with the session. */
export async function login() {
  const token = (await (await fetch(`${url}/api/session`, { method: 'POST', headers: basic() })).json()) as string
  return (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: { 'vmware-api-session-id': token },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
}

export const typeOf = async (response: Response) => ((await response.json()) as { error_type: string }).error_type

export const power = (vm: string, action: string) => `/api/vcenter/vm/${vm}/power?action=${action}`
