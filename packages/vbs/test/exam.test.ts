import { keystone } from '@holdfast/keystone'
import { secretRepliesAt, secretRequestsAt } from '@holdfast/openstack/testing'
import { fakeTimers, vendorSuite } from '@holdfast/testing'
import { describe, expect, test, vi } from 'vitest'
import { vbs } from '../src/index.ts'
import { wire } from '../src/testing.ts'
import documented from './documented.json' with { type: 'json' }
import { project } from './reply.ts'

const url = 'https://vbs.example'
const auth = keystone({
  authUrl: 'https://iam.example',
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
    login: ({ method, url: target }) => {
      if (new URL(target).origin !== 'https://iam.example') return undefined
      if (method !== 'POST') return new Response(null, { status: 204 })
      const body = { token: { methods: ['password'], expires_at: new Date(Date.now() + 86_400_000).toISOString() } }
      return Response.json(body, { status: 201, headers: { 'x-subject-token': 'gAAAAABrASZb' } })
    },
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
