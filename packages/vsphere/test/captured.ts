import type { Fault } from '@holdfast/core/plugin'

/** An answer that a server was seen to send, its texts replaced, and what is to be read out of it. */
export interface Captured {
  readonly seen: string
  readonly status: number
  readonly text: string
  readonly fault: Fault | undefined
}

const poisoned = 'Rejecting login on a session where login failed'

export const captured: readonly Captured[] = [
  {
    seen: '/api, a 404 with parameters (vmware/govmomi vapi/rest/errors_test.go)',
    status: 404,
    text: `{"error_type":"NOT_FOUND","messages":[{"args":["{cluster}","cluster"],"default_message":"No such cluster.","localized":"Kein solcher Cluster.","id":"com.vmware.vcIntegrity.lifecycle.RequireAdminUserAuthz.EntityNotFound"}]}`,
    fault: {
      code: 'NOT_FOUND',
      status: 404,
      details: ['com.vmware.vcIntegrity.lifecycle.RequireAdminUserAuthz.EntityNotFound'],
      message: 'Kein solcher Cluster.',
      params: ['{cluster}', 'cluster'],
    },
  },
  {
    seen: '/api, a stack of two messages (vmware.vmware_rest documentation)',
    status: 400,
    text: `{"error_type":"ALREADY_IN_DESIRED_STATE","messages":[{"args":[],"default_message":"Off already.","id":"com.vmware.api.vcenter.vm.power.already_powered_off"},{"args":[],"default_message":"Not while off.","id":"vmsg.InvalidPowerState.summary"}]}`,
    fault: {
      code: 'ALREADY_IN_DESIRED_STATE',
      status: 400,
      details: ['com.vmware.api.vcenter.vm.power.already_powered_off', 'vmsg.InvalidPowerState.summary'],
      message: 'Off already. Not while off.',
    },
  },
  {
    seen: '/api, a 401 with its challenge',
    status: 401,
    text: `{"error_type":"UNAUTHENTICATED","messages":[{"args":[],"default_message":"Log in.","id":"com.vmware.vapi.endpoint.method.authentication.required"}],"challenge":"Basic realm=\\"VAPI endpoint\\",SIGN realm=abc,sts=\\"https://vc.example/sts\\""}`,
    fault: {
      code: 'UNAUTHENTICATED',
      status: 401,
      details: ['com.vmware.vapi.endpoint.method.authentication.required'],
      message: 'Log in.',
    },
  },
  {
    seen: '/rest of 6.x, no error_type',
    status: 404,
    text: `{"type":"com.vmware.vapi.std.errors.not_found","value":{"messages":[{"args":["datacenter-21"],"default_message":"No such datacenter.","id":"com.vmware.api.vcenter.datacenter.not_found"}]}}`,
    fault: {
      code: 'NOT_FOUND',
      status: 404,
      details: ['com.vmware.api.vcenter.datacenter.not_found'],
      message: 'No such datacenter.',
      params: ['datacenter-21'],
    },
  },
  {
    seen: '/rest, a poisoned session as a 500, keys the other way round (vmware/terraform-provider-vsphere#537)',
    status: 500,
    text: `{"value":{"messages":[{"id":"vapi.bindings.method.impl.unexpected","default_message":"Fehler.","args":["${poisoned}"]}]},"type":"com.vmware.vapi.std.errors.internal_server_error"}`,
    fault: {
      code: 'INTERNAL_SERVER_ERROR',
      status: 500,
      details: ['SESSION_LOGIN_FAILED', 'vapi.bindings.method.impl.unexpected'],
      message: 'Fehler.',
      params: [poisoned],
    },
  },
  {
    seen: '/rest, VMware Tools do not run (ansible-collections/vmware.vmware_rest#179)',
    status: 503,
    text: `{"type":"com.vmware.vapi.std.errors.service_unavailable","value":{"messages":[{"args":["vm-538:b3abe66d"],"default_message":"No Tools.","id":"com.vmware.api.vcenter.vm.guest.tools_not_running"}]}}`,
    fault: {
      code: 'SERVICE_UNAVAILABLE',
      status: 503,
      details: ['com.vmware.api.vcenter.vm.guest.tools_not_running'],
      message: 'No Tools.',
      params: ['vm-538:b3abe66d'],
    },
  },
  {
    seen: 'the router of 6.x (vmware-archive/vsphere-automation-sdk-rest#14)',
    status: 404,
    text: `{"name":"com.vmware.vapi.rest.httpNotFound","localizableMessages":[{"defaultMessage":"Nothing here.","id":"com.vmware.vapi.rest.httpNotFound"}],"majorErrorCode":404}`,
    fault: { code: 'NOT_FOUND', status: 404, details: ['com.vmware.vapi.rest.httpNotFound'], message: 'Nothing here.' },
  },
  {
    seen: 'a simulator: JSON under text/plain, an empty value',
    status: 400,
    text: `{"type":"com.vmware.vapi.std.errors.already_exists","value":{}}`,
    fault: { code: 'ALREADY_EXISTS', status: 400 },
  },
  {
    seen: 'a simulator: a space in the JSON, no messages',
    status: 404,
    text: `{"error_type":"NOT_FOUND", "messages":[]}`,
    fault: { code: 'NOT_FOUND', status: 404 },
  },
  {
    seen: 'a simulator: a missing right as a 400',
    status: 400,
    text: `{"error_type":"UNAUTHORIZED", "messages":[]}`,
    fault: { code: 'UNAUTHORIZED', status: 400 },
  },
  {
    seen: 'a simulator: a wrong state as a 500',
    status: 500,
    text: `{"error_type":"ERROR", "messages":[]}`,
    fault: { code: 'ERROR', status: 500 },
  },
  {
    seen: 'a simulator: 401 without a body',
    status: 401,
    text: '',
    fault: { code: 'UNAUTHENTICATED', status: 401, details: ['HTTP_401'] },
  },
  {
    seen: 'a simulator: malformed JSON answered with 400 without a body',
    status: 400,
    text: '',
    fault: { code: 'INVALID_REQUEST', status: 400, details: ['HTTP_400'] },
  },
  {
    seen: 'a simulator: OPTIONS answered with 405 without a body',
    status: 405,
    text: '',
    fault: { code: 'INVALID_REQUEST', status: 405, details: ['HTTP_405'] },
  },
  { seen: 'a simulator: a plain-text 404', status: 404, text: '404 page not found', fault: undefined },
  {
    seen: 'a simulator: a redirect',
    status: 301,
    text: '<a href="/rest/vcenter/vm/">Moved Permanently</a>.',
    fault: undefined,
  },
  {
    seen: 'rhttpproxy of 6.x and 7.0 (ustclug/discussions#61)',
    status: 503,
    text: '503 Service Unavailable (Failed to connect to endpoint: [N7Vmacore4Http20NamedPipeServiceSpecE:0x7f858806d350] _serverNamespace = / _isRedirect = false _pipeName =/var/run/vmware/vpxd-webserver-pipe)',
    fault: undefined,
  },
  { seen: 'Envoy since 7.0 U3', status: 503, text: 'no healthy upstream', fault: undefined },
  {
    seen: 'nginx before it',
    status: 502,
    text: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>\r\n',
    fault: undefined,
  },
  {
    seen: 'SOAP, on the wrong path',
    status: 500,
    text: '<soapenv:Fault><faultcode>ServerFaultCode</faultcode></soapenv:Fault>',
    fault: undefined,
  },
]
