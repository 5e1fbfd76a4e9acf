import type { Fault } from '../contract/fault.ts'
import type { Reply } from '../contract/vendor.ts'
import { proxyCode } from './proxies.ts'

/** Reads a bare reply: a proxy's message that proves that it passed nothing on, else the status alone. */
export function parseBare(reply: Reply): Fault | undefined {
  const { status, text } = reply
  if (status < 400) return undefined
  const trimmed = text.trim()
  const message = trimmed === '' || trimmed.startsWith('<') ? {} : { message: trimmed }
  return { code: proxyCode(reply) ?? `HTTP_${status}`, status, ...message }
}
