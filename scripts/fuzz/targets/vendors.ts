import { bearer, clientCredentials } from '@holdfast/bearer'
import { wire as bearerWire } from '@holdfast/bearer/testing'
import { csbs } from '@holdfast/csbs'
import { wire as csbsWire } from '@holdfast/csbs/testing'
import { openstack } from '@holdfast/openstack'
import { wire as openstackWire } from '@holdfast/openstack/testing'
import { vbs } from '@holdfast/vbs'
import { wire as vbsWire } from '@holdfast/vbs/testing'
import { vsphere } from '@holdfast/vsphere'
import { wire as vsphereWire } from '@holdfast/vsphere/testing'
import { xenapi } from '@holdfast/xenapi'
import { wire as xenapiWire } from '@holdfast/xenapi/testing'
import { http } from '../../../packages/core/src/http/http.ts'
import { captured as openstackCaptured, pages } from '../../../packages/openstack/test/captured.ts'
import { captured as vsphereCaptured } from '../../../packages/vsphere/test/captured.ts'
import { checkFault, replyOf, replyWith } from '../facts.ts'
import type { Target } from '../target.ts'
import { vendorTarget } from './vendor-target.ts'

const throttled = replyWith(
  '429 GET /',
  '{"error_msg":"policy ip over ratelimit,limit:5,time:1 minute"}',
  '',
  'retry-after: 5',
)
const gateways = [
  ...openstackCaptured.map(({ status, text }) => replyWith(`${status} POST /v3/auth/tokens`, text)),
  ...Object.values(pages).map((page) => replyWith('503 GET /', page)),
  throttled,
]
const base = '/v1/b942/'
const robot = clientCredentials({ tokenUrl: 'https://a.example/token', clientId: 'a', clientSecret: 'b' })

export const vendorTargets: readonly Target[] = [
  vendorTarget(vsphere(), vsphereWire, [
    ...vsphereCaptured.map(({ status, text }) => replyWith(`${status} GET /api/vcenter/vm`, text)),
    replyWith(
      '200 POST /rest/com/vmware/cis/tagging/tag-association?~action=attach-multiple-tags-to-object',
      '{"value":{"success":false,"error_messages":[{"id":"a","default_message":"b {0}","args":["c"]}]}}',
    ),
    replyWith(
      '200 POST /api/vcenter/ovf/library-item/a?action=deploy',
      '{"succeeded":false,"error":{"errors":[{"category":"VALIDATION","error":{"@class":"com.vmware.vapi.std.errors.not_found","messages":[]},"issues":[{"message":{"id":"a"}}]}]}}',
    ),
    replyWith('503 GET /api/a', ''),
  ]),
  vendorTarget(xenapi(), xenapiWire, [
    replyWith(
      '200 POST /jsonrpc',
      '{"error":["SR_BACKEND_FAILURE_1200","","The request has failed.",""]}',
      '{"method":"VM.start","params":["OpaqueRef:1","OpaqueRef:2"]}',
    ),
    replyWith(
      '200 POST /',
      '',
      '<methodCall><methodName>session.login_with_password</methodName><params><param><value>a</value></param><param><value><string>b</string></value></param></params></methodCall>',
    ),
    replyWith('200 GET /export?session_id=OpaqueRef:1&task_id=2', 'HTTP/1.1 500 Internal Error\r\n\r\n'),
    replyWith('200 POST /', '', '{"method":"event.from","params":["OpaqueRef:1",["*"],"",30]}'),
    replyWith(
      '200 POST /',
      '',
      '{"method":"SR.create","params":["OpaqueRef:1","h",{"cifspassword":"b"},{"a":{"password":"c"}}]}',
    ),
  ]),
  vendorTarget(openstack(), openstackWire, [
    ...gateways,
    replyWith(
      '409 POST /v2.1/servers/s/action',
      '{"conflictingRequest":{"code":409,"message":"m"}}',
      '{"os-start":null}',
    ),
    replyWith('409 PATCH /v2/images/i', '409 Conflict\n\na\n\n   ', '[{"op":"replace","path":"/name","value":"n"}]'),
    replyWith(
      '400 POST /v2.0/ports',
      '{"NeutronError":{"type":"BadRequest","message":"m"}}',
      '{"port":{"name":"a\nb"}}',
    ),
  ]),
  vendorTarget(csbs({ failedBackups: 'throw' }), csbsWire, [
    ...gateways,
    replyWith(
      `200 POST ${base}providers/p/resources/action`,
      '{"protectable":[{"result":false,"resource_id":"a","error_code":"CSBS.6004","error_msg":"{\\"msg\\":\\"m\\",\\"plan_id\\":\\"p\\"}"}]}',
      '{"check_protectable":[]}',
    ),
    replyWith(
      `200 GET ${base}checkpoint_items/i`,
      '{"checkpoint_item":{"status":"error","extend_info":{"fail_op":"delete","fail_reason":"r","fail_code":{"Code":"CSBS.1002","Description":"d"}}}}',
    ),
    replyWith(`400 POST ${base}policies`, '{"error_code":"CSBS.1001"}', '{"policy":{"name":"a\\nb"}}'),
  ]),
  vendorTarget(vbs({ failedBackups: 'throw' }), vbsWire, [
    ...gateways,
    replyWith(
      '200 GET /v1/b/jobs/j',
      '{"status":"FAIL","sub_jobs":[{"status":"FAIL","error_code":"VolumeBackup.0013","fail_reason":"r","sub_jobs":[{}]}],"entities":{"volume_id":"v"}}',
    ),
    replyWith(
      '200 POST /v2/b/backuppolicyresources',
      '{"fail_resources":[{"resource_id":"a","resource_type":"t","code":"x","message":"m"}]}',
    ),
    replyWith('200 GET /v2/b/backups/i', '{"backup":{"status":"error_restoring","fail_reason":"r"}}'),
  ]),
  vendorTarget(bearer({ url: 'https://a.example', auth: robot }), bearerWire, [
    replyWith(
      '401 GET /',
      '',
      '',
      'www-authenticate: Basic realm="a, b", Bearer realm="c \\"d\\"", error=invalid_token',
    ),
    replyWith('401 GET /', '', '', 'www-authenticate: Negotiate YWJj=='),
    replyWith('400 POST /token', '{"error":"invalid_client","error_description":"who is it"}'),
    replyWith('200 POST /token', '{"error":"invalid_grant"}'),
  ]),
  {
    name: 'http',
    covers: /packages\/core\/src\/(?:http\/parse|classify\/)/,
    seeds: [
      replyWith('503 GET /', 'no healthy upstream', '', 'retry-after: 120'),
      replyWith('503 GET /', '503 Service Unavailable (Failed to connect to endpoint: [N7Vmacore4Http…])'),
      replyWith(
        '429 GET /',
        'Slow down',
        '',
        'retry-after: Sun, 06 Nov 1994 08:49:37 GMT\ndate: Sun, 06 Nov 1994 08:49:00 GMT',
      ),
      replyWith('429 GET /', '', '', 'retry-after: Sunday, 06-Nov-94 08:49:37 GMT\nretry-after-ms: 10'),
      replyWith('503 GET /', '<html>', '', 'retry-after: Sun Nov  6 08:49:37 2094\nx-ms-retry-after-ms: 10.5'),
      replyWith('404 GET /', 'a', '', 'retry-after: 1\nretry-after: 2'),
    ],
    run(input) {
      const reply = replyOf(input)
      return checkFault(http.parse(reply), reply, http)
    },
    around: (hostile) => [replyWith('503 GET /', hostile), replyWith('503 GET /', '', '', `retry-after: ${hostile}`)],
  },
]
