import { fakeTimers, vendorSuite } from '@holdfast/testing'
import { describe, expect, test, vi } from 'vitest'
import { vsphere } from '../src/index.ts'
import { wire } from '../src/testing.ts'
import { captured } from './captured.ts'
import documented from './documented.json' with { type: 'json' }
import { secretReplies } from './secret-replies.ts'
import { secretRequests } from './secret-requests.ts'

const url = 'https://vc.example'

vendorSuite(
  { describe, test, expect },
  {
    vendor: vsphere({ url, username: 'administrator@vsphere.local', password: 'secret' }),
    documented: documented.errors,
    wire,
    url: `${url}/api/vcenter/folder`,
    login: ({ method, url: target }) => {
      if (new URL(target).pathname !== '/api/session') return undefined
      return method === 'POST' ? Response.json('b00db39f', { status: 201 }) : new Response(null, { status: 204 })
    },
    fine: [
      { status: 200, body: '{"error_type":"ERROR","messages":[]}' },
      { status: 202, body: '"task-1"' },
      { status: 204 },
      ...captured.filter(({ status }) => status < 400).map(({ status, text }) => ({ status, body: text })),
      {
        status: 200,
        body: '{"succeeded":true,"error":{"errors":[],"warnings":[{"category":"SERVER"}]}}',
        request: { method: 'POST', url: '/api/vcenter/ovf/library-item/item-1?action=deploy' },
      },
    ],
    secretRequests,
    secretReplies,
    timers: fakeTimers(vi),
  },
)
