import { resilient } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/catalogue.ts'
import { vsphere } from '../src/index.ts'
import { parse } from '../src/parse.ts'
import { replyOf, requestTo } from './reply.ts'

const soap = (type: string, reasonOf = 'no') =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">\n<soapenv:Body>\n<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${reasonOf}</faultstring><detail><${type}Fault xmlns="urn:vim25" xsi:type="${type}"><obj type="VirtualMachine">vm-1</obj></${type}Fault></detail></soapenv:Fault>\n</soapenv:Body>\n</soapenv:Envelope>`
const request = requestTo('/sdk', 'POST')
const rowOf = (text: string, status = 500) => {
  const fault = parse(replyOf(status, text, { request }))
  return fault && catalogue.find(fault)
}

describe('a fault of the Web Services API', () => {
  it.each([
    ['ManagedObjectNotFound', 'fatal', 'rejected'],
    ['NotAuthenticated', 'auth', 'rejected'],
    ['InvalidLogin', 'auth', 'rejected'],
    ['NoPermission', 'auth', 'rejected'],
    ['InvalidState', 'conflict', 'rejected'],
    ['InvalidPowerState', 'conflict', 'rejected'],
    ['TaskInProgress', 'retryable', 'rejected'],
    ['InvalidArgument', 'fatal', 'rejected'],
    ['InvalidRequest', 'fatal', 'rejected'],
    ['RequestCanceled', 'fatal', 'unknown'],
    ['HostCommunication', 'retryable', 'unknown'],
    ['HostNotConnected', 'retryable', 'unknown'],
    ['ReplicationVmInProgressFault', 'retryable', 'rejected'],
    ['TooManyGuestLogons', 'retryable', 'rejected'],
    ['MigrationNotReady', 'retryable', 'unknown'],
    ['LicenseSourceUnavailable', 'retryable', 'unknown'],
    ['FilesystemQuiesceFault', 'retryable', 'unknown'],
    ['InaccessibleFTMetadataDatastore', 'retryable', 'unknown'],
    ['VmPowerOnDisabled', 'conflict', 'rejected'],
    ['DirectoryNotEmpty', 'conflict', 'unknown'],
    ['InvalidToken', 'auth', 'rejected'],
    ['InsufficientMemoryResourcesFault', 'fatal', 'unknown'],
    ['InUseFeatureManipulationDisallowed', 'fatal', 'rejected'],
    ['SSLVerifyFault', 'fatal', 'unknown'],
    ['CannotDisableSnapshot', 'conflict', 'unknown'],
    ['CannotDisconnectHostWithFaultToleranceVm', 'conflict', 'unknown'],
    ['VmWwnConflict', 'conflict', 'unknown'],
    ['VmfsAlreadyMounted', 'conflict', 'unknown'],
    ['OvfConsumerCommunicationError', 'retryable', 'unknown'],
    ['StorageDrsHmsUnreachable', 'retryable', 'unknown'],
    ['DvsNotAuthorized', 'auth', 'rejected'],
    // /pbm, /sms, /vslm, /eam
    ['PbmFaultNoPermission', 'auth', 'rejected'],
    ['InvalidSession', 'auth', 'rejected'],
    ['PbmDuplicateName', 'conflict', 'rejected'],
    ['PbmResourceInUse', 'conflict', 'unknown'],
    ['SyncInProgress', 'retryable', 'rejected'],
    ['ProviderBusy', 'retryable', 'unknown'],
    ['VslmSyncFault', 'retryable', 'unknown'],
    ['PbmFaultNotFound', 'fatal', 'rejected'],
  ])('%s is %s, %s, and never counts against vCenter', (type, kind, outcome) => {
    for (const text of [soap(type), JSON.stringify({ _typeName: type })]) {
      expect(rowOf(text)).toMatchObject({ code: type, kind, outcome })
      expect(rowOf(text)).not.toHaveProperty('trips')
    }
  })

  it.each(['AlreadyUpgraded', 'IscsiFaultVnicAlreadyBound', 'PatchAlreadyInstalled', 'ToolsAlreadyUpgraded'])(
    '%s means that the wanted state holds',
    (type) => {
      expect(rowOf(soap(type))).toMatchObject({ code: type, kind: 'conflict', outcome: 'rejected', achieved: true })
    },
  )

  it.each(['ServiceNotInitialized', 'EamServiceNotInitialized'])(
    'of a service that starts concerns all of it: %s',
    (type) => {
      expect(rowOf(soap(type))).toMatchObject({ kind: 'retryable', outcome: 'rejected', trips: true })
    },
  )

  it('about the database concerns all of vCenter', () => {
    expect(rowOf(soap('DatabaseError'))).toMatchObject({ kind: 'retryable', outcome: 'unknown', trips: true })
  })

  // vmware/govmomi vim25/soap/json_client_test.go
  it('in JSON may have its sentence under the name that SOAP has for it', () => {
    const text = '{"_typeName": "InvalidLogin", "faultstring": "Cannot complete login."}'
    expect(parse(replyOf(500, text, { request }))?.message).toBe('Cannot complete login.')
  })

  it('that nobody knows keeps its type', () => {
    expect(parse(replyOf(500, soap('OddFault', 'The object &apos;vm&apos; &lt;x>'), { request }))).toEqual({
      code: 'OddFault',
      status: 500,
      message: "The object 'vm' <x>",
    })
    const ofSoap = ['', '<faultcode>s:VersionMismatch</faultcode>', '<faultcode>SOAP-ENV:Client</faultcode>']
    for (const code of ofSoap) {
      const text = `<s:Fault>${code}<faultstring>x</faultstring></s:Fault>`
      expect(parse(replyOf(500, text, { request }))?.code).toBe('SystemError')
    }
  })

  it('is no page of a proxy', () => {
    for (const text of ['', '<html><body>502</body></html>', '{"error_type":"RESOURCE_BUSY"}', 'upstream']) {
      expect(parse(replyOf(502, text, { request }))).toBeUndefined()
    }
  })

  it('of nothing but openings is read as fast as any other', () => {
    for (const text of [
      '<s:Fault>'.repeat(9_000),
      `<s:Fault>${'<detail>'.repeat(9_000)}`,
      `<s:Fault><detail><a ${'type="'.repeat(9_000)}`,
    ]) {
      expect(parse(replyOf(500, text, { request }))).toBeDefined()
    }
  })
})

it('has sessions of its own: ours is shown to the Automation API alone', () => {
  const { auth } = vsphere({ url: 'https://vc.example', username: 'u', password: 'p' })
  expect(auth?.shouldSign?.(request, new Headers())).toBe(false)
  expect(auth?.shouldSign?.(requestTo('/api/vcenter/vm'), new Headers())).toBe(true)
  expect(auth?.shouldSign?.(requestTo('/api/vcenter/vm'), new Headers({ authorization: 'Basic x' }))).toBe(false)
})

it('does not open the circuit of a healthy vCenter', async () => {
  let sent = 0
  const fetch = async () => {
    sent++
    return new Response(soap('ManagedObjectNotFound'), { status: 500, headers: { 'content-type': 'text/xml' } })
  }
  const client = resilient(fetch, { vendor: vsphere({ url: 'https://vc.example' }) })
  for (let at = 0; at < 9; at++) {
    await expect(client('https://vc.example/sdk', { method: 'POST', body: '<x/>' })).rejects.toMatchObject({
      code: 'ManagedObjectNotFound',
      mayBeDone: false,
    })
  }
  expect(sent).toBe(9)
})

describe('an InvalidPowerState that names the wanted state', () => {
  const soapState = (state: string) =>
    soap('InvalidPowerState').replace(
      '<obj type="VirtualMachine">vm-1</obj>',
      `<requestedState>poweredOff</requestedState><existingState>${state}</existingState>`,
    )
  const call = (method: string) =>
    requestTo(
      '/sdk',
      'POST',
      `<soapenv:Body><${method} xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this></${method}></soapenv:Body>`,
    )
  const json = (method: string) => requestTo(`/sdk/vim25/8.0.2.0/VirtualMachine/vm-1/${method}`, 'POST')

  it.each([
    ['PowerOnVM_Task', 'poweredOn'],
    ['PowerOffVM_Task', 'poweredOff'],
    ['SuspendVM_Task', 'suspended'],
    ['ShutdownGuest', 'poweredOff'],
    ['StandbyGuest', 'suspended'],
  ])('is achieved: %s where it is %s', (method, state) => {
    expect(parse(replyOf(500, soapState(state), { request: call(method) }))).toMatchObject({ achieved: true })
    const text = JSON.stringify({ _typeName: 'InvalidPowerState', existingState: state })
    expect(parse(replyOf(500, text, { request: json(method) }))).toMatchObject({ achieved: true })
  })

  it.each([
    ['PowerOnVM_Task', 'suspended'],
    ['ResetVM_Task', 'poweredOff'],
  ])('and no other is: %s where it is %s', (method, state) => {
    expect(parse(replyOf(500, soapState(state), { request: call(method) }))).not.toHaveProperty('achieved')
  })
})

it('beside it is read as well, and is no outage of either', async () => {
  const client = resilient(async () => new Response(soap('PbmNonExistentHubs'), { status: 500 }), {
    vendor: vsphere(),
    retry: false,
  })
  const post = () => client('https://vc.example/pbm', { method: 'POST' }).catch((thrown: unknown) => thrown)
  expect(await post()).toMatchObject({ code: 'PbmNonExistentHubs', kind: 'fatal', outcome: 'rejected' })
  for (let time = 0; time < 30; time++) await post()
  expect(client.state.snapshot().map(({ key, circuit }) => [key.endsWith(' pbm'), circuit])).toEqual([[true, 'closed']])
})
