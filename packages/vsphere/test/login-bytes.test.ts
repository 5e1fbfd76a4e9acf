import { type Fetch, resilient } from '@holdfast/core'
import { expect, it } from 'vitest'
import { vsphere } from '../src/index.ts'

const origin = 'https://host.example'

it('a login that is answered without end fails, and the service is asked nothing', async () => {
  let bytes = 0
  const asked: string[] = []
  const fetch: Fetch = async (input) => {
    asked.push(String(input))
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('"b00d')),
      pull(controller) {
        bytes += 65_536
        controller.enqueue(new Uint8Array(65_536).fill(0x41))
      },
    })
    return new Response(body, { status: 201, headers: { 'x-subject-token': 'token' } })
  }
  const client = resilient(fetch, {
    vendor: vsphere({ url: origin, username: 'u', password: 'p' }),
    loginReplyLimit: 3_000_000,
  })
  const error = await client(`${origin}/api/vcenter/vm`).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'LOGIN_FAILED', reason: 'login-failed' })
  expect((error as Error).message).toContain('longer than 3000000 bytes, which is `loginReplyLimit`')
  expect(bytes).toBeLessThan(4_000_000)
  expect(asked).toHaveLength(1)
})
