import { isVendorError, resilient } from '@holdfast/core'
import { checkLogin } from './harness.ts'
import type { VendorSuiteOptions } from './options.ts'
import { readOf } from './requests.ts'

const LIMIT = 3_000_000
const CHUNK = 65_536

/** The mistakes for a login whose reply never ends: it must be given up after a number of bytes, and nothing else be sent. */
export async function findFlawsOfEndlessLogin({ vendor, login, ...suite }: VendorSuiteOptions): Promise<string[]> {
  if (vendor.auth === undefined) return []
  checkLogin({ vendor, ...(login && { login }) })
  const seen = { bytes: 0, logins: 0, others: 0 }
  const client = resilient(
    async (input, init) => {
      const answer = await login?.(new Request(input, init))
      if (answer === undefined) {
        seen.others++
        return new Response()
      }
      seen.logins++
      const { status, headers } = answer
      return new Response(
        endless((await answer.text()).slice(0, -1), (bytes) => (seen.bytes += bytes)),
        { status, headers },
      )
    },
    { vendor, retry: false, loginReplyLimit: LIMIT },
  )
  const { url, ...init } = readOf({ vendor, ...suite })
  const error = await client(url, init).catch((thrown: unknown) => thrown)
  return [
    ...(isVendorError(error) && error.code === 'LOGIN_FAILED' && error.message.includes('`loginReplyLimit`')
      ? []
      : [`a login without end ended with ${String(error)}`]),
    ...(seen.bytes > LIMIT + 10 * CHUNK ? [`a login without end was read up to ${seen.bytes} bytes`] : []),
    ...(seen.logins === 1 && seen.others === 0 ? [] : [`a login without end made ${JSON.stringify(seen)}`]),
  ]
}

const endless = (beginning: string, onChunk: (bytes: number) => void): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(beginning)),
    pull(controller) {
      onChunk(CHUNK)
      controller.enqueue(new Uint8Array(CHUNK).fill(0x41))
    },
  })
