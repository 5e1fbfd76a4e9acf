/**
 * How to test your own code against a vCenter that fails. Here with Node's own test runner; any other works as well.
 *
 *     node examples/own-tests.ts
 */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { isVendorError, type ResilientFetch, resilient } from '@holdfast/core'
import { fail, mockVendor } from '@holdfast/testing'
import { type VsphereRow, vsphere } from '@holdfast/vsphere'
import { vcenter } from '@holdfast/vsphere/simulator'
import { wire } from '@holdfast/vsphere/testing'
import { setupServer } from 'msw/node'

const url = 'https://vcenter.example'
const login = { username: 'administrator@vsphere.local', password: 'secret' }

/** The code to be tested. */
async function start(client: ResilientFetch<VsphereRow>, vm: string): Promise<'started' | 'on already' | 'perhaps'> {
  try {
    await client(`${url}/api/vcenter/vm/${vm}/power?action=start`, { method: 'POST' })
    return 'started'
  } catch (error) {
    if (isVendorError(error) && error.code === 'ALREADY_IN_DESIRED_STATE') return 'on already'
    if (isVendorError(error) && error.mayBeDone) return 'perhaps'
    throw error
  }
}

const server = setupServer()
before(() => server.listen({ onUnhandledFrame: 'error' }))
after(() => server.close())

let vc = vcenter()
beforeEach(() => {
  vc = vcenter({ ...login, vms: { 'vm-1': 'POWERED_OFF' } })
  server.resetHandlers(...vc.handlers)
})

const soon = { base: 1, limit: 1 }

/** As in production, but with waits of a millisecond. */
const clientForTests = () =>
  resilient(fetch, {
    vendor: vsphere({ url, ...login }),
    retry: { backoff: { fast: soon, slow: soon, busy: soon } },
  })

test('a busy machine is waited for', async () => {
  vc.faults.busy('vm-1', 2)
  assert.equal(await start(clientForTests(), 'vm-1'), 'started')
  assert.equal(vc.vms[0]?.power_state, 'POWERED_ON')
})

test('a machine that is on already is no error', async () => {
  const client = clientForTests()
  await start(client, 'vm-1')
  assert.equal(await start(client, 'vm-1'), 'on already')
})

test('an answer that is lost leaves it open, and nothing is done twice', async () => {
  vc.faults.drop({ when: 'after' })
  assert.equal(await start(clientForTests(), 'vm-1'), 'perhaps')
  assert.deepEqual(
    vc.executed.map(({ action }) => action),
    ['vm.start'],
  )
})

test('any other error of the catalogue can be had by its name', async () => {
  const mock = mockVendor(vsphere({ url }), { wire })
  server.use(mock.post('/api/vcenter/vm/:vm/power', fail('UNAUTHORIZED')))
  await assert.rejects(start(clientForTests(), 'vm-1'), { kind: 'auth', code: 'UNAUTHORIZED' })
  assert.equal(mock.calls.length, 1)
})
