import { keystone } from '@holdfast/keystone'
import { identityUrl, scriptedIdentity, secretRepliesAt, secretRequestsAt } from '@holdfast/openstack/testing'
import { fakeTimers, vendorSuite } from '@holdfast/testing'
import { describe, expect, test, vi } from 'vitest'
import { vbs } from '../src/index.ts'
import { wire } from '../src/testing.ts'
import documented from './documented.json' with { type: 'json' }
import { project } from './reply.ts'

const url = 'https://vbs.example'
const auth = keystone({
  authUrl: identityUrl,
  username: 'automation',
  password: 'secret',
  userDomainName: 'OTC-EU-DE-1',
  projectId: project,
})

vendorSuite(
  { describe, test, expect },
  {
    vendor: vbs({ url, auth, failedBackups: 'throw' }),
    documented: documented.errors,
    wire,
    url: `${url}/v2/${project}/backuppolicy`,
    write: {
      method: 'POST',
      url: `${url}/v2/${project}/cloudbackups`,
      body: '{"backup":{"volume_id":"v-1","name":"nightly"}}',
    },
    login: scriptedIdentity().answer,
    fine: [
      { status: 200, body: '{"status":"FAIL","error_code":"VolumeBackup.0064"}' },
      { status: 202, body: '{"backup":{"id":"b-1","name":"n","links":[]}}' },
      { status: 204 },
      {
        status: 200,
        body: '{"status":"SUCCESS","entities":{},"job_id":"4010..","error_code":null,"fail_reason":null}',
        request: { method: 'GET', url: `/v1/${project}/jobs/4010` },
      },
      {
        status: 200,
        body: '{"success_resources":[{"resource_id":"v-1"}],"fail_resources":[ ]}',
        request: { method: 'POST', url: `/v2/${project}/backuppolicyresources` },
      },
      {
        status: 200,
        body: '{"backups":[{"status":"error","fail_reason":"why"}]}',
        request: { method: 'GET', url: `/v2/${project}/backups/detail` },
      },
    ],
    secretRequests: secretRequestsAt(url),
    secretReplies: secretRepliesAt(url),
    timers: fakeTimers(vi),
  },
)
