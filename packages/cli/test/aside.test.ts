import { describe, expect, it } from 'vitest'
import { ran } from './terminal.ts'

const replied = (vendor: string, text: string) => ran(['explain', vendor, '--reply', '-'], text)
const json = (body: object, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(body)}`

describe('what is no reply is not judged, and the codes in it are named: by', () => {
  it.each([
    [
      'xenapi',
      'XenAPI.py',
      "XenAPI.Failure: ['VM_BAD_POWER_STATE', 'OpaqueRef:1', 'Halted', 'Running']",
      'VM_BAD_POWER_STATE',
    ],
    [
      'xenapi',
      'xe',
      'Error code: SR_BACKEND_FAILURE_46\nError parameters: , The VDI is not available',
      'SR_BACKEND_FAILURE_46',
    ],
    [
      'vsphere',
      'pyVmomi',
      "vim.fault.InvalidPowerState: (vim.fault.InvalidPowerState) {\n   msg = 'no'\n}",
      'InvalidPowerState',
    ],
    ['vsphere', 'the client in Python', 'ResourceBusy: {messages : [], error_type : RESOURCE_BUSY}', 'RESOURCE_BUSY'],
    [
      'http',
      'Node.js',
      "TypeError: fetch failed { [cause]: Error: connect ECONNREFUSED 1.2.3.4:443 { code: 'ECONNREFUSED' }",
      'ECONNREFUSED',
    ],
    ['csbs', 'a body alone', '{"error_code":"CSBS.9009","error_msg":"x"}', 'CSBS.9009'],
  ])('%s %s', async (vendor, _, text, code) => {
    const { stdout, stderr, status } = await replied(vendor, text)
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).toContain(`It names a code: \`holdfast explain ${vendor} ${code}\` tells what that means.`)
  })

  it('a vendor, though they are of the connection to it', async () => {
    const { stderr } = await replied('vsphere', "TypeError: fetch failed { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }")
    expect(stderr).toContain('`holdfast explain http DEPTH_ZERO_SELF_SIGNED_CERT` tells what that means.')
  })

  it.each([
    ['xenapi', 'You attempted an operation on a VM that was not in an appropriate power state.\nvm: web-1'],
    ['vsphere', 'govc: ServerFaultCode: The operation is not allowed in the current state. ERROR'],
  ])('nobody: %s', async (vendor, text) => {
    const { stdout, stderr, status } = await replied(vendor, text)
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).not.toContain('It names a code')
  })
})

it('a task that failed is no wrong reply, and its code is named', async () => {
  const result = { name_label: 'Async.VM.start', status: 'failure', error_info: ['NO_HOSTS_AVAILABLE'] }
  const { stdout, stderr, status } = await replied('xenapi', json({ jsonrpc: '2.0', result, id: 1 }))
  expect([stdout, status]).toEqual(['xenapi\n  Nothing is wrong.\n', 0])
  expect(stderr).toContain('`holdfast explain xenapi NO_HOSTS_AVAILABLE`')
})

describe('the words of another vendor are told to be its own', () => {
  it.each([
    ['xenapi', json({ error_type: 'NOT_FOUND', messages: [] }, '404 Not Found'), 'vsphere'],
    ['vsphere', json({ jsonrpc: '2.0', error: { code: 1, message: 'VM_BAD_POWER_STATE', data: [] }, id: 1 }), 'xenapi'],
    ['openstack', json({ error_code: 'CSBS.2003', error_msg: 'item in executing' }, '400 Bad Request'), 'csbs'],
  ])('to one who named %s: %s', async (vendor, reply, other) => {
    const { stderr, status } = await replied(vendor, reply)
    expect(stderr).toBe(`Its words are those of ${other}: explain it for that vendor.\n`)
    expect(status).toBe(0)
  })

  it('but not those that all of them have', async () => {
    expect((await replied('vsphere', 'HTTP/1.1 502 Bad Gateway\r\n\r\n<html>502</html>')).stderr).toBe('')
    expect((await replied('vsphere', json({ error_type: 'NOT_FOUND' }, '404 Not Found'))).stderr).toBe('')
  })
})

describe('a success that tells of a failure is one, though nobody says what it answers', () => {
  it.each([
    ['vbs', { status: 'FAIL', job_id: 'j', error_code: 'VolumeBackup.0064', entities: {} }, 'VolumeBackup.0064'],
    ['csbs', { protectable: [{ result: false, error_code: 'CSBS.6004', error_msg: 'x' }] }, 'CSBS.6004'],
    [
      'vsphere',
      { succeeded: false, error: { errors: [{ error: { error_type: 'UNSUPPORTED', messages: [] } }] } },
      'UNSUPPORTED',
    ],
    ['openstack', { 'Response Status': '400 Bad Request', Errors: [['c/o', '409 Conflict']] }, 'PARTS_FAILED'],
  ])('%s %j', async (vendor, body, code) => {
    expect((await replied(vendor, json(body))).stdout).toContain(`${vendor} ${code}\n`)
  })
})
