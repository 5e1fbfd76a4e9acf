import { resilient } from '@holdfast/core'
import type { Vendor } from '@holdfast/core/plugin'
import { csbs } from '@holdfast/csbs'
import { vbs } from '@holdfast/vbs'
import { vsphere } from '@holdfast/vsphere'
import { xenapi } from '@holdfast/xenapi'
import { describe, expect, it } from 'vitest'

const MIB = 1_048_576

/** A reply whose body has 64 MiB of this, and how much of it was taken. */
function longReply(status: number, piece: string) {
  const chunk = Buffer.from(piece.repeat(MIB / piece.length))
  const taken = { bytes: 0 }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (taken.bytes >= 64 * MIB) return controller.close()
      taken.bytes += chunk.length
      controller.enqueue(Uint8Array.from(chunk))
    },
  })
  return { reply: new Response(body, { status }), taken }
}

const call = JSON.stringify({ jsonrpc: '2.0', method: 'VM.start', params: ['OpaqueRef:1'], id: 1 })
const cases: readonly (readonly [vendor: Vendor, method: string, path: string])[] = [
  [vsphere(), 'POST', '/api/vcenter/ovf/library-item/a?action=deploy'],
  [xenapi(), 'POST', '/jsonrpc'],
  [xenapi(), 'GET', '/export'],
  [csbs(), 'POST', '/v1/p/providers/q/resources/action'],
  [vbs(), 'GET', '/v1/p/jobs/j'],
]

describe.each(cases)('$0.name, $1 $2:', (vendor, method, path) => {
  it.each(['[', ' ', '"', '<a>', '{"a":', '\u0000'])(
    '64 MiB of %j are not read to tell what they are',
    async (piece) => {
      for (const status of [200, 500]) {
        const { reply, taken } = longReply(status, piece)
        const client = resilient(async () => reply, { vendor, retry: false })
        const init = method === 'POST' ? { method, body: call } : { method }
        const got = await client(`https://service.example${path}`, init).catch((error: unknown) => error)
        if (got instanceof Response) await got.body?.cancel()
        expect(taken.bytes).toBeLessThanOrEqual(3 * MIB)
      }
    },
  )
})
