import { resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { fetchFrom } from '@holdfast/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { vsphere } from '../src/index.ts'
import { vcenter } from '../src/simulator/index.ts'
import { deleted, vsphereWork } from '../src/work/index.ts'
import { url } from './simulator.ts'

beforeEach(() => void vi.useFakeTimers())

const ofRouter = { error_type: 'NOT_FOUND', messages: [{ id: 'com.vmware.vapi.rest.httpNotFound', args: [] }] }

describe.each([
  ['of the router, which does not know the service yet', JSON.stringify(ofRouter)],
  ['without a body', null],
])('a 404 %s', (_, body) => {
  /** A vCenter whose machines nobody answers for, though its sessions are there. */
  function start() {
    const vc = vcenter()
    const send = fetchFrom(vc.handlers)
    const fetch = async (input: string | URL | Request, init?: RequestInit) => {
      const request = new Request(input, init)
      if (!request.url.includes('/vcenter/vm')) return send(request)
      if (request.method === 'DELETE') throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
      return new Response(body, { status: 404, headers: { 'content-type': 'application/json' } })
    }
    const vendor = vsphere({ url, username: 'administrator@vsphere.local', password: 'secret' })
    return withWork(resilient(fetch, { vendor, retry: 0 }), vsphereWork)
  }

  async function failureOf(promise: Promise<unknown>) {
    const failed = promise.then(
      () => expect.fail('It succeeded.'),
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(600_000)
    return failed
  }

  it('is no end of a deletion that never arrived', async () => {
    const client = start()
    const started = client.start(`${url}/api/vcenter/vm/vm-2`, { method: 'DELETE' })
    expect(await failureOf(started)).toMatchObject({ mayBeDone: true })
  })

  it('shows no machine that is deleted', async () => {
    const client = start()
    expect(await failureOf(client.until(deleted('vm-2')))).toMatchObject({ code: 'NOT_FOUND' })
  })
})
