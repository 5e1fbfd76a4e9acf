import { resilient } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { vsphere } from '../src/index.ts'
import { requestTo } from './reply.ts'

const vendor = vsphere()
const soap = (method: string, inner = '') =>
  `<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header><operationID>7</operationID></soapenv:Header>
  <soapenv:Body>\n    <${method} xmlns="urn:vim25"><_this type="PropertyCollector">pc</_this>${inner}</${method}></soapenv:Body></soapenv:Envelope>`
const sdk = (method: string, inner?: string) => requestTo('/sdk', 'POST', soap(method, inner))
const viJson = (method: string, body: object = {}) =>
  requestTo(`/sdk/vim25/8.0.2.0/PropertyCollector/pc/${method}`, 'POST', JSON.stringify(body))

describe('a call of the Web Services API', () => {
  it.each(['RetrievePropertiesEx', 'RetrieveServiceContent', 'FindByUuid', 'QueryPerf', 'WaitForUpdatesEx'])(
    'only reads: %s',
    (method) => {
      expect(vendor.isSafe?.(sdk(method))).toBe(true)
      expect(vendor.isSafe?.(viJson(method))).toBe(true)
    },
  )

  it.each([
    'PowerOnVM_Task',
    'Login',
    'CreateFilter',
    'ContinueRetrievePropertiesEx',
    'QueryVMotionCompatibilityEx_Task',
  ])('may change something: %s', (method) => {
    expect(vendor.isSafe?.(sdk(method))).toBeUndefined()
    expect(vendor.isSafe?.(viJson(method))).toBeUndefined()
  })

  it.each([
    ['without a body that can be read', requestTo('/sdk', 'POST')],
    ['of another service', requestTo('/pbm', 'POST', soap('RetrieveServiceContent'))],
    ['beside it', requestTo('/api/vcenter/vm', 'POST', soap('RetrievePropertiesEx'))],
    ['that only speaks of one', sdk('Rename_Task', '<newName>&lt;Body>&lt;CurrentTime></newName>')],
  ])('may change something: one %s', (_, request) => {
    expect(vendor.isSafe?.(request)).toBeUndefined()
  })
})

/** The fault of vim.VirtualMachine's power methods in each encoding, with the state in which the machine is. */
const soapFault = (state: string) =>
  `<soapenv:Envelope><soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>No.</faultstring><detail><InvalidPowerStateFault xsi:type="InvalidPowerState"><existingState>${state}</existingState></InvalidPowerStateFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`
const jsonFault = (existingState: string) => JSON.stringify({ _typeName: 'InvalidPowerState', existingState })

describe('a call for a power state', () => {
  it.each([
    ['PowerOnVM_Task', 'poweredOn', 'suspended'],
    ['PowerOffVM_Task', 'poweredOff', 'poweredOn'],
    ['SuspendVM_Task', 'suspended', 'poweredOff'],
    ['ShutdownGuest', 'poweredOff', 'suspended'],
    ['StandbyGuest', 'suspended', 'poweredOff'],
    ['ResetVM_Task', undefined, 'poweredOff'],
  ])('has been achieved where the machine is in it: %s', async (method, wanted, other) => {
    for (const [{ url, bodyText }, fault] of [[sdk(method), soapFault] as const, [viJson(method), jsonFault] as const])
      for (const state of [wanted, other].filter((one) => one !== undefined)) {
        const client = resilient(async () => new Response(fault(state), { status: 500 }), { vendor })
        const call = client(url, { method: 'POST', body: bodyText ?? null })
        await expect(call).rejects.toMatchObject({ code: 'InvalidPowerState', achieved: state === wanted })
      }
  })
})

describe('a wait for updates', () => {
  const wait = '<version>1</version><options><maxWaitSeconds>600</maxWaitSeconds></options>'

  it.each([
    ['in SOAP', sdk('WaitForUpdatesEx', wait), 630_000],
    ['in JSON', viJson('WaitForUpdatesEx', { options: { maxWaitSeconds: 600 } }), 630_000],
    ['without an end', sdk('WaitForUpdates'), 3_600_000],
  ])('has the time that it asks for, %s', (_, request, timeout) => {
    expect(vendor.limits?.(request)).toEqual({ timeout, totalTimeout: timeout })
  })

  it('takes no place of other calls', () => {
    expect(vendor.scope?.(sdk('WaitForUpdatesEx'))).toBe('updates')
    expect(vendor.scope?.(sdk('RetrievePropertiesEx'))).toBe('sdk')
  })
})

it('a read without an answer is sent again, and a change is not', async () => {
  const asked: string[] = []
  const fetch = async (_: unknown, init?: RequestInit) => {
    asked.push(/Body>\s*<(\w+)/.exec(String(init?.body))?.[1] ?? '')
    if (asked.length === 1 || asked.at(-1) === 'PowerOnVM_Task')
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
    return new Response('<ok/>')
  }
  const client = resilient(fetch as typeof globalThis.fetch, {
    vendor: vsphere(),
    retry: { backoff: { fast: { base: 1, limit: 1 } } },
  })
  const call = (method: string) => client('https://vc.example/sdk', { method: 'POST', body: soap(method) })
  await call('RetrievePropertiesEx')
  await expect(call('PowerOnVM_Task')).rejects.toMatchObject({ mayBeDone: true })
  expect(asked).toEqual(['RetrievePropertiesEx', 'RetrievePropertiesEx', 'PowerOnVM_Task'])
})
