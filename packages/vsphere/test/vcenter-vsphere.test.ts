import { isConflict, resilient } from '@holdfast/core'
import { fetchFrom } from '@holdfast/testing'
import { vsphere } from '@holdfast/vsphere'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type VcenterSimulatorOptions, vcenter } from '../src/simulator/index.ts'

const url = 'https://vc.example'
const credentials = { username: 'administrator@vsphere.local', password: 'secret' }

beforeEach(() => void vi.useFakeTimers())

/** A simulated vCenter and the vendor's client before it; what a call threw is its value. */
function start(options?: VcenterSimulatorOptions) {
  const vc = vcenter(options)
  const client = resilient(fetchFrom(vc.handlers), { vendor: vsphere({ url, ...credentials }) })
  const send = async (method: string, path: string, resilience = {}): Promise<unknown> => {
    const answer = client(`${url}${path}`, { method, resilience }).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(400_000)
    return answer
  }
  return { vc, client, send }
}

const power = (vm: string, action: string) => `/api/vcenter/vm/${vm}/power?action=${action}`
const list = '/api/vcenter/vm'

describe('the vSphere vendor before the simulated vCenter', () => {
  it('logs in once for everybody, again when the session is gone, and out at the end', async () => {
    const { vc, client } = start()
    const crowd = () => Promise.all(Array.from({ length: 20 }, () => client(`${url}${list}`)))
    await crowd()
    expect(vc.logins).toBe(1)
    vc.expireSessions()
    await crowd()
    expect([vc.logins, vc.sessions]).toEqual([2, 1])
    await client.close()
    expect(vc.sessions).toBe(0)
  })

  it('does not lock the account with a wrong password', async () => {
    const { vc, client } = start({ password: 'another' })
    for (let call = 0; call < 20; call += 1) await client(`${url}${list}`).catch(() => {})
    expect([vc.refusedLogins, vc.locked]).toEqual([1, false])
  })

  it('waits for a busy machine and for an overloaded server, even with a POST', async () => {
    const { vc, send } = start()
    vc.faults.busy('vm-2', 2)
    expect(await send('POST', power('vm-2', 'start'))).toMatchObject({ status: 204 })
    vc.faults.overload({ times: 2, retryAfter: 3 })
    expect(await send('POST', power('vm-2', 'stop'))).toMatchObject({ status: 204 })
    expect(vc.executed.map(({ action }) => action)).toEqual(['vm.start', 'vm.stop'])
  })

  it('does nothing twice when the connection is dropped after the work', async () => {
    const { vc, send } = start()
    vc.faults.drop({ when: 'after' })
    expect(await send('POST', power('vm-1', 'reset'))).toMatchObject({ reason: 'not-repeatable', mayBeDone: true })
    expect(vc.executed).toHaveLength(1)
  })

  it('finds the wanted state there already where a repeated request was done the first time', async () => {
    const { vc, send } = start()
    vc.faults.drop({ when: 'after' })
    const error = await send('POST', power('vm-2', 'start'), { idempotent: true })
    expect(isConflict(error) && [error.code, error.mayBeDoneBy]).toEqual(['ALREADY_IN_DESIRED_STATE', 1])
    vc.faults.drop({ when: 'after' })
    const options = { idempotent: true, acceptAchieved: true }
    expect(await send('POST', power('vm-2', 'stop'), options)).toMatchObject({ status: 204 })
    expect(vc.executed).toHaveLength(2)
  })

  it('keeps working with an open session while the session limit refuses new ones', async () => {
    const { vc, send } = start({ maxSessions: 1 })
    await send('GET', list)
    const late = resilient(fetchFrom(vc.handlers), {
      vendor: vsphere({ url, ...credentials }),
      retry: false,
    })
    await expect(late(`${url}${list}`)).rejects.toMatchObject({
      reason: 'login-failed',
      detail: 'com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached',
    })
    expect(await send('GET', list)).toMatchObject({ status: 200 })
  })

  it('spares a vCenter that is down, and finds it again', async () => {
    const { vc, client, send } = start()
    await send('GET', list)
    vc.clear()
    vc.outage()
    for (let second = 0; second < 300; second += 1) {
      client(`${url}${list}`).catch(() => {})
      await vi.advanceTimersByTimeAsync(1_000)
    }
    // One probe each five seconds, beside the attempts that opened the circuit.
    expect(vc.calls.length).toBeLessThan(80)
    vc.restart()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await send('GET', list)).toMatchObject({ status: 200 })
    expect(vc.logins).toBe(2)
  })
})
