import type { VendorWork, WorkName, WorkReport } from '@holdfast/core/plugin'
import { csbsWork } from '@holdfast/csbs/work'
import { openstackWork } from '@holdfast/openstack/work'
import { vbsWork } from '@holdfast/vbs/work'
import { vsphereWork } from '@holdfast/vsphere/work'
import { sessionPlaceholder } from '@holdfast/xenapi'
import { xenapiWork } from '@holdfast/xenapi/work'
import { requestOf } from '../facts.ts'
import { ensure, type Target, textOf } from '../target.ts'

const STATES = ['pending', 'running', 'succeeded', 'failed', 'cancelled', 'lost']
const IDS = ['a', 'b', 'c']

/** A reader of the state of long work: whatever a server writes, its reports can be shown. */
function workTarget(
  knowledge: VendorWork,
  facts: WorkName['facts'] & object,
  start: Parameters<typeof requestOf>,
  seeds: readonly string[],
  name = `${knowledge.vendor}-work`,
): Target {
  const names: readonly WorkName[] = IDS.map((id) => ({ id, facts: { ...facts, item: id } }))
  return {
    name,
    covers: new RegExp(`packages/${knowledge.vendor}/src/work/`),
    seeds,
    run(input) {
      const request = requestOf(...start)
      const reply = {
        status: knowledge.vendor === 'csbs' ? 200 : 202,
        headers: new Headers(),
        text: textOf(input),
        complete: true,
        request,
      }
      const begun = knowledge.begun(reply)
      if (begun !== undefined && 'id' in begun) ensure(begun.id !== '', 'work has an identifier')
      // Work with any identifier can be polled.
      if (begun !== undefined && 'id' in begun) ensure(knowledge.ask([begun]).path.startsWith('/'), 'a path is one')
      const found = knowledge.found?.(reply, request, 0, () => false)
      const reports = [names.slice(0, 1), names].map((about) => knowledge.read(reply, about))
      const changes = knowledge.longPoll?.read(reply, names)
      const all = [...reports, changes?.reports].flatMap((each) => [...(each?.values() ?? [])])
      for (const report of all) ensure(isSound(report), 'a report can be shown', report)
      const [one, several] = reports.map((each) => each?.get('a')?.status ?? each?.size)
      return [begun && Object.keys(begun).length, found !== undefined, one, several, changes !== undefined].join()
    },
  }
}

function isSound(report: WorkReport): boolean {
  const progress = 'progress' in report ? report.progress : undefined
  const fault = 'fault' in report ? report.fault : undefined
  const isShare = progress === undefined || (progress >= 0 && progress <= 1)
  return STATES.includes(report.status) && isShare && (fault === undefined || typeof fault.code === 'string')
}

const call = (method: string) =>
  JSON.stringify({ jsonrpc: '2.0', method, params: [sessionPlaceholder, 'OpaqueRef:vm'] })
const result = (value: unknown) => JSON.stringify({ jsonrpc: '2.0', result: value, id: 0 })

/** The readers of long work. */
export const workTargets: readonly Target[] = [
  workTarget(
    vsphereWork,
    {},
    ['POST', '/api/vcenter/vm/vm-7/power?action=stop&vmw-task=true'],
    [
      '"a:com.vmware.vcenter.VM"',
      '"\\ud800"',
      '{"status":"RUNNING","progress":{"total":4,"completed":1}}',
      '{"status":"FAILED","error":{"error_type":"CANCELED","messages":[]}}',
      '{"status":"SUCCEEDED","result":{"succeeded":false,"error":{"errors":[{"category":"INPUT"}]}}}',
      '{"a":{"status":"BLOCKED"},"b":{"status":"PENDING","operation":"stop$task","target":{"id":"vm-7"}}}',
      '[{"key":"a","value":{"status":"SUCCEEDED"}}]',
    ],
  ),
  workTarget(
    xenapiWork,
    { method: 'VM.start', object: 'OpaqueRef:vm' },
    ['POST', '/jsonrpc', call('Async.VM.start')],
    [
      result('OpaqueRef:task'),
      result({ status: 'pending', progress: 0.5 }),
      result({ status: 'success', result: '<value>OpaqueRef:vm</value>' }),
      result({ status: 'failure', error_info: ['VM_BAD_POWER_STATE', 'OpaqueRef:vm', 'halted', 'running'] }),
      result({ a: { status: 'cancelled', error_info: [] } }),
      result({ 'OpaqueRef:task': 'start' }),
      result({ token: '1,0', events: [{ class: 'task', operation: 'del', ref: 'a' }] }),
      '<?xml version="1.0"?><methodResponse><params><param><value><struct><member><name>Status</name><value>Success</value></member><member><name>Value</name><value><struct><member><name>status</name><value>pending</value></member><member><name>progress</name><value><double>0.5</double></value></member></struct></value></member></struct></value></param></params></methodResponse>',
    ],
  ),
  workTarget(
    vbsWork,
    { aim: 'created', list: '/v2/p/backups', path: '/v2/p/backups/a' },
    ['POST', '/v2/p/backups', '{"backup":{"volume_id":"v","name":"n"}}'],
    [
      '{"backup":{"id":"a","status":"creating"}}',
      '{"backup":{"id":"\\ud800"}}',
      '{"backup":{"id":"a","status":"error","fail_reason":"VolumeBackup.0064"}}',
      '{"backups":[{"id":"a","status":"available","volume_id":"v","name":"n","created_at":"2026-01-02T03:04:05.678"}]}',
      '{"backups":[{"id":"a","status":"deleting"},{"id":"b","status":"deleted"}]}',
    ],
  ),
  workTarget(
    csbsWork,
    { aim: 'created', base: '/v1/p' },
    ['POST', '/v1/p/providers/q/resources/s/action', '{"protect":{"backup_name":"n"}}'],
    [
      '{"checkpoint":{"id":"c","status":"protecting"}}',
      '{"checkpoint":{"id":"\\ud800"}}',
      '{"checkpoint_item":{"id":"a","status":"protecting","extend_info":{"progress":40}}}',
      '{"checkpoint_items":[{"id":"a","status":"error","extend_info":{"fail_code":"CSBS.4000","fail_reason":"no"}}]}',
      '{"checkpoint_items":[{"id":"a","checkpoint_id":"c","name":"n","status":"available","created_at":"2026-01-02T03:04:05"}]}',
    ],
  ),
  workTarget(
    openstackWork,
    { aim: 'created', list: '/v3/p/volumes' },
    ['POST', '/v3/p/volumes', '{"volume":{"name":"n","size":1}}'],
    [
      '{"volume":{"id":"a","status":"creating"}}',
      '{"volume":{"id":"\\ud800"}}',
      '{"volume":{"id":"a","status":"error_deleting"}}',
      '{"volumes":[{"id":"a","status":"available","name":"n","size":1,"created_at":"2026-01-02T03:04:05.678"}]}',
      '{"volumes":[{"id":"a","status":"deleting"},{"id":"b","status":"deleted"}]}',
    ],
  ),
  workTarget(
    openstackWork,
    { aim: 'resize', list: '/v2.1/servers', flavor: '7', since: '0' },
    ['POST', '/v2.1/servers', '{"server":{"name":"n","flavorRef":"7"}}'],
    [
      '{"server":{"id":"a","status":"BUILD","OS-EXT-STS:task_state":"spawning","progress":50}}',
      '{"server":{"id":"a","status":"ERROR","OS-EXT-STS:task_state":null,"fault":{"code":500,"message":"No valid host was found."}}}',
      '{"servers":[{"id":"a","status":"ACTIVE","OS-EXT-STS:task_state":null,"flavor":{"id":"7"},"updated":"2026-01-02T03:04:05Z"}]}',
      '{"reservation_id":"r"}',
    ],
    'openstack-servers',
  ),
]
