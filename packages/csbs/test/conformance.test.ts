import { keystone } from '@holdfast/keystone'
import { identityUrl, scriptedIdentity, secretRepliesAt, secretRequestsAt } from '@holdfast/openstack/testing'
import { fakeTimers, vendorSuite } from '@holdfast/testing'
import { describe, expect, test, vi } from 'vitest'
import { csbs } from '../src/index.ts'
import { wire } from '../src/testing.ts'
import documented from './documented.json' with { type: 'json' }
import { project, provider } from './reply.ts'

const url = 'https://csbs.example'
const auth = keystone({
  authUrl: identityUrl,
  username: 'automation',
  password: 'secret',
  userDomainName: 'OTC-EU-DE-1',
  projectId: 'b942cc8342734d15bcb246babb1953cf',
})

vendorSuite(
  { describe, test, expect },
  {
    vendor: csbs({ url, auth, failedBackups: 'throw' }),
    documented: documented.errors,
    wire,
    url: `${url}${project}/policies`,
    write: { method: 'POST', url: `${url}${project}/policies`, body: '{"policy":{"name":"nightly"}}' },
    login: scriptedIdentity().answer,
    fine: [
      { status: 200, body: '{"error_code":"CSBS.2003","error_msg":"item in executing"}' },
      { status: 204 },
      {
        status: 200,
        body: '{"restorable":[{"resource_id":"..","resource_type":"OS::Nova::Server","result":true,"error_msg":"","error_code":""}]}',
        request: { method: 'POST', url: `${provider}/resources/action` },
      },
      {
        status: 200,
        body: '{"checkpoint_item":{"status":"available","extend_info":{"fail_op":"","fail_reason":"","fail_code":{}}}}',
        request: { method: 'GET', url: `${project}/checkpoint_items/b-1` },
      },
      {
        status: 200,
        body: '{"checkpoint_items":[{"status":"error","extend_info":{"fail_reason":"why"}}]}',
        request: { method: 'GET', url: `${project}/checkpoint_items?status=error` },
      },
    ],
    secretRequests: secretRequestsAt(url),
    secretReplies: secretRepliesAt(url),
    timers: fakeTimers(vi),
  },
)
