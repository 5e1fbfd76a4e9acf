import { fakeTimers, vendorSuite } from '@holdfast/testing'
import { describe, expect, test, vi } from 'vitest'
import { openstack } from '../src/index.ts'
import { scriptedIdentity, secretRepliesAt, secretRequestsAt, wire } from '../src/testing.ts'
import documented from './documented.json' with { type: 'json' }
import { tokens as auth } from './tokens.ts'

const url = 'https://cloud.example'

vendorSuite(
  { describe, test, expect },
  {
    vendor: openstack({ url, auth }),
    documented: documented.errors,
    wire,
    url: `${url}/v3/p-1/volumes`,
    write: { method: 'POST', url: `${url}/v3/p-1/volumes`, body: '{"volume":{"name":"data","size":1}}' },
    login: scriptedIdentity().answer,
    fine: [
      { status: 202, body: '{"volume":{"id":"v-1","status":"creating"}}' },
      {
        status: 200,
        body: '{"server":{"id":"s-1","status":"ERROR","fault":{"code":500,"message":"No valid host was found."}}}',
      },
      { status: 300, body: '{"versions":{"values":[]}}' },
      { status: 204 },
    ],
    secretRequests: secretRequestsAt(url),
    secretReplies: secretRepliesAt(url),
    timers: fakeTimers(vi),
  },
)
