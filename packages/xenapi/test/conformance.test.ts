import { fakeTimers, vendorSuite } from '@holdfast/testing'
import { describe, expect, test, vi } from 'vitest'
import { xenapi } from '../src/index.ts'
import { wire } from '../src/testing.ts'
import { callOf, one } from './calls.ts'
import documented from './documented.json' with { type: 'json' }
import { jsonReply, value } from './pool.ts'
import { secretReplies, secretRequests } from './secret-requests.ts'

const url = one
const call = (method: string) => {
  const { body, headers } = callOf('json', method, 'vm-1')
  return { method: 'POST', url: `${url}/jsonrpc`, headers: headers as Record<string, string>, body: String(body) }
}

vendorSuite(
  { describe, test, expect },
  {
    vendor: xenapi({ url, username: 'root', password: 'secret' }),
    documented: documented.errors,
    wire,
    url: `${url}/jsonrpc`,
    read: call('VM.get_record'),
    write: call('VM.start'),
    success: () => jsonReply(value('fine')),
    login: async (request) => {
      const body = await request.text()
      return /session\.log(?:in|out)/.test(body) ? jsonReply(value('OpaqueRef:1')) : undefined
    },
    secretRequests,
    secretReplies,
    timers: fakeTimers(vi),
  },
)
